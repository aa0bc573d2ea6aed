import { openSealedFile } from '../library/encrypted-file.ts';
import type { BinaryNode, Library, proto, Socket } from '../library/library.ts';
import { type Collection, collectionNames } from './unsynced-collections.ts';

/** The changes of one collection since the requested version. */
export interface Patches {
  snapshot: proto.ISyncdSnapshot | undefined;
  patches: proto.ISyncdPatch[];
  /** WhatsApp has more changes; request again. */
  hasMore: boolean;
}

const bytesOf = ({ content }: BinaryNode): Uint8Array | undefined =>
  content instanceof Uint8Array ? content : undefined;

function requestOf(from: ReadonlyMap<Collection, number>): BinaryNode {
  const content = [...from].map(([name, version]) => ({
    tag: 'collection',
    attrs: { name, version: String(version), return_snapshot: String(version === 0) },
  }));
  const attrs = { to: 's.whatsapp.net', xmlns: 'w:sync:app:state', type: 'set' };
  return { tag: 'iq', attrs, content: [{ tag: 'sync', attrs: {}, content }] };
}

/**
 * Requests collections from a version each (0: from the start). Collections that WhatsApp omits or refuses are absent
 * from the result. Rejects when there is no answer.
 */
export async function requestPatches(
  library: Library,
  socket: Socket,
  from: ReadonlyMap<Collection, number>,
): Promise<Map<Collection, BinaryNode>> {
  const answer: BinaryNode | undefined = await socket.query(requestOf(from));
  if (!answer) throw new Error('WhatsApp did not answer in time.');
  const nodes = library.getBinaryNodeChildren(library.getBinaryNodeChild(answer, 'sync'), 'collection');
  const named = nodes.flatMap((node) => {
    const name = collectionNames.find((known) => known === node.attrs['name']);
    return name && from.has(name) && node.attrs['type'] !== 'error' ? [[name, node] as const] : [];
  });
  return new Map(named);
}

/**
 * Reads the patches of one collection, including those stored as files. Throws when a file cannot be downloaded or
 * decoded.
 */
export async function readPatches(library: Library, node: BinaryNode, request: RequestInit): Promise<Patches> {
  const { SyncdPatch, SyncdSnapshot, SyncdMutations, ExternalBlobReference } = library.proto;
  const file = async ({ directPath, mediaKey }: proto.IExternalBlobReference): Promise<Buffer> => {
    if (!directPath || !mediaKey) throw new Error('The reference names no file.');
    return openSealedFile(library, { directPath, mediaKey }, 'md-app-state', request);
  };
  const snapshotNode = library.getBinaryNodeChild(node, 'snapshot');
  const reference = snapshotNode && bytesOf(snapshotNode);
  const list = library.getBinaryNodeChild(node, 'patches') ?? node;
  const patches: proto.ISyncdPatch[] = [];
  for (const bytes of library.getBinaryNodeChildren(list, 'patch').map(bytesOf)) {
    if (!bytes) continue;
    const { externalMutations, ...patch } = SyncdPatch.decode(bytes);
    const outside = externalMutations ? SyncdMutations.decode(await file(externalMutations)).mutations : [];
    const version = patch.version ?? { version: Number(node.attrs['version']) + 1 };
    patches.push({ ...patch, version, mutations: [...(patch.mutations ?? []), ...outside] });
  }
  return {
    snapshot: reference ? SyncdSnapshot.decode(await file(ExternalBlobReference.decode(reference))) : undefined,
    patches,
    hasMore: node.attrs['has_more_patches'] === 'true',
  };
}
