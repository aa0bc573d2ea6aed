import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import type { LinkedDevice } from '../account/device.ts';
import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import type { SentChunk } from '../faults/history.ts';
import { sealMedia } from '../media.ts';
import { derivedBytes } from '../wire/keys.ts';
import { newMessageId } from '../wire/stanza-id.ts';
import { onDemandPage } from '../world/on-demand.ts';
import type { ChunkPlan } from '../world/plan.ts';
import { sendPeerMessage } from './phone.ts';

const compress = promisify(deflate);

/** The phone waits while this many stanzas are unconfirmed, so that history does not pile up for a slow client. */
const WINDOW = 4;

/** How long the phone may encode before it yields, ms. */
const TURN_MS = 10;

/**
 * Builds a chunk and compresses it. Encodings of one protobuf message can be concatenated, so the conversations of a
 * large chunk are encoded one by one, which lets other work run in between.
 */
async function pack(chunk: ChunkPlan): Promise<Buffer> {
  const { conversations = [], ...head } = chunk.build();
  const parts: Uint8Array[] = [proto.HistorySync.encode(head).finish()];
  let since = Number.NEGATIVE_INFINITY;
  for (const conversation of conversations ?? []) {
    if (performance.now() - since > TURN_MS) {
      await nextTurn();
      since = performance.now();
    }
    parts.push(proto.HistorySync.encode({ syncType: head.syncType ?? null, conversations: [conversation] }).finish());
  }
  return compress(Buffer.concat(parts));
}

async function notificationFor(
  context: SimulatorContext,
  chunk: SentChunk,
): Promise<proto.Message.IHistorySyncNotification> {
  const { syncType, chunkOrder, progress } = chunk;
  const common = { syncType, chunkOrder, progress, originalMessageId: newMessageId() };
  const payload = await pack(chunk);
  if (chunk.broken === 'corrupt') payload.fill(0, payload.length >> 1);
  if (chunk.delivery === 'inline') {
    return { ...common, initialHistBootstrapInlinePayload: payload, fileLength: payload.length };
  }
  const name = newMessageId();
  const mediaKey = derivedBytes(0, name);
  const { body, fileSha256, fileEncSha256 } = await sealMedia(payload, mediaKey, 'md-msg-hist');
  const path = `/v/t62.msg-hist/${name}.enc`;
  // A damaged file stays damaged and a missing one was never stored; all others can be rebuilt.
  const again = async () => (chunk.broken ? body : (await sealMedia(await pack(chunk), mediaKey, 'md-msg-hist')).body);
  if (chunk.broken !== 'missing') context.media.publish(path, body, again);
  const directPath = `${path}?ccb=11-4&oe=sim`;
  return { ...common, directPath, mediaKey, fileSha256, fileEncSha256, fileLength: payload.length };
}

interface HistoryTrigger {
  /** Whether this is the last part. */
  done: boolean;
  /** Id of the request to which this is the answer. */
  peerDataRequestSessionId?: string;
}

async function sendChunk(
  context: SimulatorContext,
  device: LinkedDevice,
  chunk: SentChunk,
  { done, ...session }: HistoryTrigger,
): Promise<void> {
  const historySyncNotification = { ...(await notificationFor(context, chunk)), ...session };
  const type = proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION;
  const id = await sendPeerMessage(context, device, { type, historySyncNotification });
  context.counters.add('historyNotifications');
  const { syncType, progress, chunkOrder } = chunk;
  context.events.emit('history_sent', { device: device.jid, id, syncType, progress, chunkOrder, done });
  if (context.faults.hits('history_sent')) device.connection?.drop();
}

/**
 * Answers a device's request for older messages of a chat; the phone does not answer for messages that it does not
 * have.
 */
export async function answerHistoryRequest(
  context: SimulatorContext,
  device: LinkedDevice,
  requestId: string,
  request: proto.Message.PeerDataOperationRequestMessage.IHistorySyncOnDemandRequest,
): Promise<void> {
  const { chatJid, oldestMsgId, onDemandMsgCount } = request;
  const page = onDemandPage(context.world, chatJid ?? '', oldestMsgId ?? '', onDemandMsgCount ?? 50);
  if (!page || context.faults.asleep) return;
  const syncType = proto.HistorySync.HistorySyncType.ON_DEMAND;
  const chunk: ChunkPlan = { syncType, chunkOrder: 1, progress: 100, delivery: 'inline', build: () => page };
  await device.working(() => sendChunk(context, device, chunk, { done: true, peerDataRequestSessionId: requestId }));
}

/** Sends one part of a history to every linked device; resolves when it is in their queues. */
export async function sendHistoryPart(context: SimulatorContext, chunk: ChunkPlan): Promise<void> {
  for (const device of context.account.devices.values()) {
    await device.working(() => sendChunk(context, device, chunk, { done: true }));
    announceIdle(context, device);
  }
}

/**
 * Sends the whole history of the phone to one device, chunk by chunk, each built when it is due. Resolves when the last
 * is queued, or when the device or the simulator is gone. An offline device pauses it until it reconnects.
 */
export async function sendHistory(context: SimulatorContext, device: LinkedDevice): Promise<void> {
  await device.working(async () => {
    const chunks = context.faults.inject(context.plan())[Symbol.iterator]();
    let next = chunks.next();
    while (!next.done) {
      const chunk = next.value;
      await device.queue.untilBelow(WINDOW);
      await context.faults.asleep;
      if (chunk.delayMs) await delay(chunk.delayMs);
      if (context.stopped || context.account.devices.get(device.number) !== device) return;
      next = chunks.next();
      await sendChunk(context, device, chunk, { done: next.done === true });
      await nextTurn();
    }
  });
  announceIdle(context, device);
}
