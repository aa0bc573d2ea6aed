import { proto } from '@whiskeysockets/baileys';
import { editedBody } from './body.ts';
import { changedRow, isOldest, kindOf, timeOf } from './layout.ts';
import { authorOf, keyOf } from './people/author.ts';
import { hash, Random } from './random.ts';
import type { Member, Thread } from './thread.ts';
import { reactionEmoji } from './words/vocabulary.ts';

const { StubType } = proto.WebMessageInfo;

/** Every other change of a text is an edit. */
const isEdit = (thread: Thread, row: number): boolean =>
  Math.floor(row / 40) % 2 === 0 && kindOf(thread, changedRow(row)) === 'text';

/** In every other chat the phone has already applied the edit to its row. */
export const isAppliedEdit = (thread: Thread, row: number): boolean =>
  thread.index % 2 === 1 && row % 40 === 0 && row > 0 && isEdit(thread, row - 1);

function keyBy(thread: Thread, row: number, author: Member | undefined): proto.IMessageKey {
  const key = { remoteJid: thread.jid, fromMe: !author, id: keyOf(thread, row).id! };
  return author && thread.group ? { ...key, participant: author.jid } : key;
}

function edit(thread: Thread, row: number): proto.IWebMessageInfo {
  const target = changedRow(row);
  const time = timeOf(thread, row);
  const message: proto.IMessage = {
    protocolMessage: {
      key: keyOf(thread, target),
      type: proto.Message.ProtocolMessage.Type.MESSAGE_EDIT,
      editedMessage: editedBody(thread, target),
      timestampMs: time * 1000,
    },
  };
  return {
    key: keyBy(thread, row, authorOf(thread, target)),
    message: thread.index % 4 < 2 ? message : { editedMessage: { message } },
    messageTimestamp: time,
  };
}

function reaction(thread: Thread, row: number, random: Random): proto.IWebMessageInfo {
  const time = timeOf(thread, row);
  const reactionMessage = {
    key: keyOf(thread, changedRow(row)),
    text: random.pick(reactionEmoji),
    senderTimestampMs: time * 1000,
  };
  return { key: keyOf(thread, row), message: { reactionMessage }, messageTimestamp: time };
}

function groupStub(thread: Thread, random: Random): { type: proto.WebMessageInfo.StubType; parameters: string[] } {
  const member = random.pick(thread.members).jid;
  const luck = random.below(4);
  if (luck === 0) return { type: StubType.GROUP_PARTICIPANT_ADD, parameters: [member] };
  if (luck === 1) return { type: StubType.GROUP_PARTICIPANT_PROMOTE, parameters: [member] };
  if (luck === 2) return { type: StubType.GROUP_CHANGE_ICON, parameters: [String(timeOf(thread, 0))] };
  return { type: StubType.GROUP_CHANGE_DESCRIPTION, parameters: ['Please keep to the subject'] };
}

function stub(thread: Thread, row: number, random: Random): proto.IWebMessageInfo {
  const oldest = isOldest(thread, row);
  const direct = { type: oldest ? StubType.E2E_ENCRYPTED : StubType.E2E_DEVICE_CHANGED, parameters: [] };
  const created = { type: StubType.GROUP_CREATE, parameters: ['New group'] };
  const { type, parameters } = thread.group ? (oldest ? created : groupStub(thread, random)) : direct;
  return {
    key: keyBy(thread, row, thread.members[0]),
    messageTimestamp: timeOf(thread, row),
    messageStubType: type,
    messageStubParameters: parameters,
  };
}

/** A row that is not a message to a person: an edit, a reaction or a system stub. */
export function changeAt(thread: Thread, row: number): proto.IWebMessageInfo {
  const random = new Random(hash(thread.seed ^ 0x57ab, thread.index, row));
  if (isOldest(thread, row)) return stub(thread, row, random);
  if (isEdit(thread, row)) return edit(thread, row);
  const target = kindOf(thread, changedRow(row));
  const reactive = target !== undefined && target !== 'revoked' && Math.floor(row / 40) % 4 === 1;
  return reactive ? reaction(thread, row, random) : stub(thread, row, random);
}
