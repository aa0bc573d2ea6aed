import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  jidDecode,
  proto,
  unpadRandomMax16,
} from '@whiskeysockets/baileys';
import type { Party } from './account.ts';
import type { LinkedDevice } from './device.ts';
import { announceIdle } from './events.ts';
import { answerHistoryRequest } from './history.ts';
import { answerKeyRequest, sendPeerMessage } from './phone.ts';
import type { Realm } from './realm.ts';

interface Part {
  to: string;
  enc: BinaryNode;
}

/** The ciphertexts of a message, each with the device it is for; one alone stands directly in the message. */
function partsOf(message: BinaryNode): Part[] {
  const single = getBinaryNodeChildren(message, 'enc').map((enc) => ({ to: message.attrs['to'] ?? '', enc }));
  const listed = getBinaryNodeChildren(getBinaryNodeChild(message, 'participants'), 'to').flatMap((to) =>
    getBinaryNodeChildren(to, 'enc').map((enc) => ({ to: to.attrs['jid'] ?? '', enc })),
  );
  return [...single, ...listed];
}

async function decrypt(party: Party, device: LinkedDevice, enc: BinaryNode): Promise<proto.IMessage> {
  const type = enc.attrs['type'] === 'pkmsg' ? 'pkmsg' : 'msg';
  const plain = await party.signal.decrypt(device.lid, type, enc.content as Uint8Array);
  const message = proto.Message.decode(unpadRandomMax16(plain));
  return message.deviceSentMessage?.message ?? message;
}

/** Gives a message of a linked device to the phone and the contacts it is for; they really decrypt it. */
export async function deliverToParties(realm: Realm, device: LinkedDevice, message: BinaryNode): Promise<void> {
  const { account, counters, events, log } = realm;
  const id = message.attrs['id'] ?? '';
  for (const { to, enc } of partsOf(message)) {
    const primary = !to.endsWith('@g.us') && !jidDecode(to)?.device;
    if (!primary || !(account.isMe(to) || account.person(to))) continue;
    try {
      const content = await decrypt(account.party(to), device, enc);
      events.emit('received', { by: to, device: device.jid, id, message: content });
      if (account.isMe(to)) await phoneReads(realm, device, id, content);
    } catch (error) {
      counters.add('undecryptable');
      log(`a message from ${device.jid} could not be read: ${error}`);
    }
  }
}

/** The phone acts on requests of its own devices. */
async function phoneReads(realm: Realm, device: LinkedDevice, id: string, message: proto.IMessage): Promise<void> {
  const request = message.protocolMessage?.peerDataOperationRequestMessage;
  if (request?.historySyncOnDemandRequest) {
    await answerHistoryRequest(realm, device, id, request.historySyncOnDemandRequest);
  }
  for (const { messageKey } of request?.placeholderMessageResendRequest ?? []) {
    if (messageKey) await resendMessage(realm, device, id, messageKey);
  }
  const keyIds = message.protocolMessage?.appStateSyncKeyRequest?.keyIds;
  if (keyIds) void answerKeyRequest(realm, device, keyIds); // not waited for: the phone may be off
  if (request) announceIdle(realm, device);
}

/** The phone passes on a message that the device could not read, if it has it. */
async function resendMessage(
  realm: Realm,
  device: LinkedDevice,
  stanzaId: string,
  key: proto.IMessageKey,
): Promise<void> {
  const known = realm.outbox.onPhone(device, key.id ?? '');
  if (!known) return;
  const info = { key, message: known.message, messageTimestamp: Number(known.attrs['t']), pushName: known.sender.name };
  const webMessageInfoBytes = proto.WebMessageInfo.encode(info).finish();
  await sendPeerMessage(realm, device, {
    type: proto.Message.ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
    peerDataOperationRequestResponseMessage: {
      peerDataOperationRequestType: proto.Message.PeerDataOperationRequestType.PLACEHOLDER_MESSAGE_RESEND,
      stanzaId,
      peerDataOperationResult: [{ placeholderMessageResendResponse: { webMessageInfoBytes } }],
    },
  });
}
