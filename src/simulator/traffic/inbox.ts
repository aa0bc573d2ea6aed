import { type BinaryNode, jidDecode, proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import type { Party } from '../account/account.ts';
import type { LinkedDevice } from '../account/device.ts';
import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import { answerHistoryRequest } from '../phone/history.ts';
import { answerKeyRequest, sendPeerMessage } from '../phone/phone.ts';
import { readSent } from './outgoing-stanza.ts';

/** Decrypts a part that was encrypted for this party; the sender's key for a group may come with it. */
async function decrypt(party: Party, device: LinkedDevice, group: string, enc: BinaryNode): Promise<proto.IMessage> {
  const type = enc.attrs['type'] === 'pkmsg' ? 'pkmsg' : 'msg';
  const from = (address: string) => party.signal.decrypt(address, type, enc.content as Uint8Array);
  // A sender that writes under its PN has a separate session with this device.
  const plain = await from(device.lid).catch((error) => from(device.jid).catch(() => Promise.reject(error)));
  const message = proto.Message.decode(unpadRandomMax16(plain));
  const key = message.senderKeyDistributionMessage;
  if (key) await party.signal.learnSenderKey(device.lid, { ...key, groupId: group });
  return message.deviceSentMessage?.message ?? message;
}

/** Delivers a message of a linked device to the phone and the contacts that receive it; they actually decrypt it. */
export async function deliverToParties(
  context: SimulatorContext,
  device: LinkedDevice,
  message: BinaryNode,
): Promise<void> {
  const { account } = context;
  const { id = '', to: chat = '' } = message.attrs;
  const { parts, shared } = readSent(message);
  for (const { to, enc } of parts) {
    const primary = !to.endsWith('@g.us') && !jidDecode(to)?.device;
    if (!primary || !(account.isMe(to) || account.person(to))) continue;
    await reading(context, device, id, to, () => decrypt(account.party(to), device, chat, enc));
  }
  if (!shared) return;
  for (const member of context.groups.get(chat)?.members.keys() ?? []) {
    if (!account.isMe(member) && !account.person(member)) continue;
    await reading(context, device, id, member, async () => {
      const { signal } = account.party(member);
      const plain = await signal.decryptInGroup(device.lid, chat, shared.content as Uint8Array);
      return proto.Message.decode(unpadRandomMax16(plain));
    });
  }
}

async function reading(
  context: SimulatorContext,
  device: LinkedDevice,
  id: string,
  by: string,
  decrypted: () => Promise<proto.IMessage>,
): Promise<void> {
  const { account, counters, events, log } = context;
  try {
    const message = await decrypted();
    counters.decrypted(by);
    events.emit('received', { by, device: device.jid, id, message });
    if (account.isMe(by)) await phoneReads(context, device, id, message);
  } catch (error) {
    counters.add('undecryptable');
    log(`a message from ${device.jid} could not be read: ${error}`);
  }
}

/** The phone handles requests of its own devices. */
async function phoneReads(
  context: SimulatorContext,
  device: LinkedDevice,
  id: string,
  message: proto.IMessage,
): Promise<void> {
  const request = message.protocolMessage?.peerDataOperationRequestMessage;
  if (request?.historySyncOnDemandRequest) {
    await answerHistoryRequest(context, device, id, request.historySyncOnDemandRequest);
  }
  for (const { messageKey } of request?.placeholderMessageResendRequest ?? []) {
    if (messageKey) await resendMessage(context, device, id, messageKey);
  }
  const keyIds = message.protocolMessage?.appStateSyncKeyRequest?.keyIds;
  if (keyIds) void answerKeyRequest(context, device, keyIds); // not awaited, because the phone may be off
  if (request) announceIdle(context, device);
}

/** The phone resends a message that the device could not decrypt, if it has it. */
async function resendMessage(
  context: SimulatorContext,
  device: LinkedDevice,
  stanzaId: string,
  key: proto.IMessageKey,
): Promise<void> {
  const known = context.outbox.onPhone(device, key.id ?? '');
  if (!known) return;
  const info = { key, message: known.message, messageTimestamp: Number(known.attrs['t']), pushName: known.sender.name };
  const webMessageInfoBytes = proto.WebMessageInfo.encode(info).finish();
  await sendPeerMessage(context, device, {
    type: proto.Message.ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
    peerDataOperationRequestResponseMessage: {
      peerDataOperationRequestType: proto.Message.PeerDataOperationRequestType.PLACEHOLDER_MESSAGE_RESEND,
      stanzaId,
      peerDataOperationResult: [{ placeholderMessageResendResponse: { webMessageInfoBytes } }],
    },
  });
}
