import { proto } from '@whiskeysockets/baileys';
import type { LinkedDevice } from '../account/device.ts';
import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import { node, seconds } from '../wire/node.ts';
import { newMessageId } from '../wire/stanza-id.ts';

/** Sends a protocol message from the phone to one of its own devices; resolves with its id when it is queued. */
export async function sendPeerMessage(
  context: SimulatorContext,
  device: LinkedDevice,
  protocolMessage: proto.Message.IProtocolMessage,
): Promise<string> {
  const { phone } = context.account;
  const id = newMessageId();
  const attrs = { from: phone.pn, category: 'peer', id, t: String(seconds()), type: 'text' };
  await context.outbox.send(device, { sender: phone, attrs, message: { protocolMessage } });
  return id;
}

/** Sends every linked device the address pairs of people. */
export async function tellPairs(
  context: SimulatorContext,
  pairs: readonly { pn: string; lid: string }[],
): Promise<void> {
  const { LIDMigrationMappingSyncPayload, Message } = proto;
  const digits = (jid: string) => Number(jid.split('@')[0]);
  const pnToLidMappings = pairs.map(({ pn, lid }) => ({ pn: digits(pn), assignedLid: digits(lid) }));
  const encodedMappingPayload = LIDMigrationMappingSyncPayload.encode({ pnToLidMappings }).finish();
  const type = Message.ProtocolMessage.Type.LID_MIGRATION_MAPPING_SYNC;
  for (const device of context.account.devices.values()) {
    await sendPeerMessage(context, device, { type, lidMigrationMappingSyncMessage: { encodedMappingPayload } });
    announceIdle(context, device);
  }
}

/** Sends a device the key that encrypts the account's settings. */
export async function shareAppStateKey(context: SimulatorContext, device: LinkedDevice): Promise<void> {
  const { keyId, keyData } = context.account.appStateKey;
  const fingerprint = { rawId: 1, currentIndex: 0, deviceIndexes: [0, device.number] };
  await share(context, device, [{ keyId: { keyId }, keyData: { keyData, fingerprint, timestamp: seconds() * 1000 } }]);
}

async function share(
  context: SimulatorContext,
  device: LinkedDevice,
  keys: proto.Message.IAppStateSyncKey[],
): Promise<void> {
  const type = proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE;
  await sendPeerMessage(context, device, { type, appStateSyncKeyShare: { keys } });
}

/** Answers a device that lacks keys, once the phone is on; reports a key that the phone lacks as missing. */
export async function answerKeyRequest(
  context: SimulatorContext,
  device: LinkedDevice,
  keyIds: readonly proto.Message.IAppStateSyncKeyId[],
): Promise<void> {
  if (context.faults.ignoresKeyRequest()) return;
  await context.faults.asleep;
  const { keyId } = context.account.appStateKey;
  const unknown = keyIds
    .filter((asked) => !keyId.equals(asked.keyId ?? Buffer.alloc(0)))
    .map((asked) => ({ keyId: asked }));
  if (unknown.length > 0) await share(context, device, unknown);
  if (unknown.length < keyIds.length) await shareAppStateKey(context, device);
}

/**
 * Notifies the other linked devices that one came or went, under both addresses, because clients keep a list for each.
 * The notification only invalidates the list, so they request it when they write next.
 */
export function announceDevices(context: SimulatorContext, changed: LinkedDevice): void {
  for (const device of context.account.devices.values()) {
    if (device === changed) continue;
    for (const from of [context.account.me.pn, context.account.me.lid]) {
      device.deliver(
        node('notification', { from, type: 'devices', id: newMessageId(), t: seconds() }, [
          node('update', {}, [node('device', { jid: changed.jid }), node('device', { jid: changed.lid })]),
        ]),
      );
    }
  }
}
