import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, proto } from '@whiskeysockets/baileys';
import type { SimulatorContext } from '../context.ts';
import { sealMedia } from '../media.ts';
import { derivedBytes } from '../wire/keys.ts';
import { node } from '../wire/node.ts';
import { newMessageId } from '../wire/stanza-id.ts';
import type { IqHandlers } from './handler.ts';

/** Stores bytes on the media server and returns their location. */
async function publish(context: SimulatorContext, plain: Uint8Array): Promise<proto.IExternalBlobReference> {
  const handle = newMessageId();
  const mediaKey = derivedBytes(0, handle);
  const { body, ...hashes } = await sealMedia(Buffer.from(plain), mediaKey, 'md-app-state');
  const directPath = `/v/t62.app-state/${handle}.enc`;
  context.media.keep(directPath, body);
  return { mediaKey, directPath, handle, fileSizeBytes: plain.length, ...hashes };
}

/** The same patch with damaged encrypted content, which its MACs reveal. */
function spoiled({ mutations, ...patch }: proto.ISyncdPatch): proto.ISyncdPatch {
  const [first, ...rest] = mutations ?? [];
  const blob = Uint8Array.from(first?.record?.value?.blob ?? []);
  blob[0] = (blob[0] ?? 0) ^ 1;
  const damaged = { ...first, record: { ...first?.record, value: { blob } } };
  return { ...patch, mutations: [damaged, ...rest] };
}

async function patchNode(context: SimulatorContext, stored: proto.ISyncdPatch): Promise<BinaryNode> {
  const patch = context.faults.nextSpoiledPatch() ? spoiled(stored) : stored;
  if (!context.appState.asFiles) return node('patch', {}, proto.SyncdPatch.encode(patch).finish());
  const { mutations = [], ...head } = patch;
  const externalMutations = await publish(context, proto.SyncdMutations.encode({ mutations }).finish());
  return node('patch', {}, proto.SyncdPatch.encode({ ...head, externalMutations }).finish());
}

/** The changes of a collection since a version: a snapshot file for a new device, otherwise the patches. */
async function changesSince(
  context: SimulatorContext,
  name: string,
  version: number,
): Promise<BinaryNode[] | undefined> {
  const { appState } = context;
  const snapshot = appState.asFiles && version === 0 ? appState.snapshot(name) : undefined;
  if (snapshot) {
    const reference = await publish(context, proto.SyncdSnapshot.encode(snapshot).finish());
    return [node('snapshot', {}, proto.ExternalBlobReference.encode(reference).finish())];
  }
  const patches: BinaryNode[] = [];
  for (const patch of appState.patchesAfter(name, version)) patches.push(await patchNode(context, patch));
  return patches.length > 0 ? [node('patches', {}, patches)] : undefined;
}

/**
 * Settings of the account. The answer must name every requested collection: Baileys requests a missing one again at
 * once, without end.
 */
export const appState: IqHandlers = {
  'w:sync:app:state/set/sync': async ({ context, iq }) => {
    await context.appState.ready;
    const asked = getBinaryNodeChildren(getBinaryNodeChild(iq, 'sync'), 'collection');
    const collections: BinaryNode[] = [];
    for (const { attrs } of asked) {
      const { name = '', version = '0' } = attrs;
      const news = await changesSince(context, name, Number(version));
      collections.push(node('collection', { name, version: context.appState.version(name), type: 'result' }, news));
    }
    return { content: [node('sync', {}, collections)] };
  },
};
