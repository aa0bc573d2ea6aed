import * as library from '@whiskeysockets/baileys';
import { proto, type WAMessage } from '@whiskeysockets/baileys';
import { beforeEach, describe, expect, test } from 'vitest';
import type { SocketEvents } from '../../../../bridges/baileys/library/library.ts';
import { handleRows } from '../../../../bridges/baileys/receive/events.ts';
import type { Receiver } from '../../../../bridges/baileys/receive/receiver.ts';
import {
  createUndecryptableTracker,
  type UndecryptableTracker,
} from '../../../../bridges/baileys/receive/undecryptable.ts';
import { friend, group, me, sentAt, wire } from '../translate/wire-message.ts';

const now = 1_770_000_000_000;
const member = '20000000000003@lid';
const { Status, StubType } = proto.WebMessageInfo;

let received: { messages: readonly WAMessage[]; beside: Parameters<Receiver['receive']>[1] }[];
let failures: unknown[];
let originals: Map<string, WAMessage>;
let refuse = false;
let gaps: UndecryptableTracker;

beforeEach(() => {
  received = [];
  failures = [];
  originals = new Map();
  refuse = false;
  gaps = createUndecryptableTracker(library);
});

function handle(events: SocketEvents): void {
  const receiver: Receiver = {
    receive(messages, beside) {
      if (refuse) throw new Error('disk full');
      received.push({ messages, beside });
    },
    replay: () => {},
    keysArrived: () => {},
  };
  const replay = { pending: async () => [], original: async ({ id }: WAMessage['key']) => originals.get(id ?? '') };
  const onFailure = (error: unknown) => void failures.push(error);
  handleRows(events, receiver, replay, { me, now, gaps, onFailure });
}

const beside = (events: SocketEvents) => {
  handle(events);
  return received.at(-1)?.beside;
};

describe('events other than messages', () => {
  test('chats, groups and people of one flush are one batch', () => {
    const rows = beside({
      'chats.update': [
        { id: friend, archived: true },
        { id: group, name: 'Chess club', conditional: () => true },
      ],
      'groups.update': [{ id: group, subject: 'Chess' }],
      'contacts.upsert': [{ id: friend, name: 'Ana B.' }],
      'contacts.update': [{ id: member, notify: 'cas' }, { notify: 'nobody' }],
    });
    expect(received).toHaveLength(1);
    expect(rows).toEqual({
      settings: [
        { jid: group, name: 'Chess' },
        { jid: friend, archived: true },
        { jid: group, name: 'Chess club' }, // the later of two changes; the library keeps only this one here
      ],
      contacts: [
        { jid: friend, pn: friend, savedName: 'Ana B.' },
        { jid: member, lid: member, pushName: 'cas' },
      ],
    });
  });

  test('delivery of own messages is a receipt of the other side, reading of others’ messages one of our own', () => {
    const key = { remoteJid: friend, fromMe: true, id: 'OWN' };
    const rows = beside({
      'messages.update': [
        { key, update: { status: Status.READ, messageTimestamp: sentAt } },
        { key: { ...key, fromMe: false, id: 'THEIRS' }, update: { status: Status.READ } },
      ],
    });
    expect(rows?.changes).toEqual([
      { chatJid: friend, messageId: 'OWN', kind: 'receipt', actor: friend, at: sentAt * 1000 + 4, value: 'read' },
      { chatJid: friend, messageId: 'THEIRS', kind: 'receipt', actor: me.pn, at: now, value: 'read' },
    ]);
  });

  test('delivery in groups is a receipt of each member', () => {
    const key = { remoteJid: group, fromMe: true, id: 'OWN' };
    const rows = beside({
      'message-receipt.update': [
        { key, receipt: { userJid: '20000000000003:5@lid', readTimestamp: sentAt } },
        { key, receipt: { userJid: member } },
      ],
    });
    expect(rows?.changes).toEqual([
      { chatJid: group, messageId: 'OWN', kind: 'receipt', actor: member, at: sentAt * 1000 + 4, value: 'read' },
    ]);
  });

  test('stars are changes of the account', () => {
    const key = { remoteJid: friend, fromMe: false, id: 'S' };
    const rows = beside({
      'messages.update': [
        { key, update: { starred: true } },
        { key, update: { starred: false } },
      ],
    });
    expect(rows?.changes?.map(({ kind, actor, value }) => [kind, actor, value])).toEqual([
      ['star', me.pn, '1'],
      ['star', me.pn, '0'],
    ]);
  });

  test('groups that are made bring chat and members; later changes bring who came, went or was promoted', () => {
    const participants = [
      { id: friend, admin: 'superadmin' as const },
      { id: member, admin: null },
    ];
    const made = beside({ 'groups.upsert': [{ id: group, subject: 'Chess', owner: friend, participants }] });
    expect(made?.chats).toEqual([{ jid: group, name: 'Chess', membersAt: now }]);
    expect(made?.members?.map(({ member: who, role, at }) => [who, role, at])).toEqual([
      [friend, 'superadmin', now],
      [member, 'member', now],
    ]);
    const update = { id: group, author: friend, participants: [{ id: member }], action: 'remove' as const };
    expect(beside({ 'group-participants.update': update })?.members).toEqual([
      { chatJid: group, member, role: 'left', at: now, told: 'remove' },
    ]);
  });

  test('a notice in a group tells a role with the time at which it was given', () => {
    const notice = { key: { remoteJid: group, id: 'N' }, messageStubType: 29, messageTimestamp: sentAt };
    const messages = [{ ...notice, messageStubParameters: [JSON.stringify({ id: member })] }];
    expect(beside({ 'messages.upsert': { messages, type: 'notify' } })?.members).toEqual([
      { chatJid: group, member, role: 'admin', at: sentAt * 1000, told: 'promote' },
    ]);
  });

  test('groups that are listed with their members bring these, and both addresses of each', () => {
    const participants = [
      { id: member, phoneNumber: friend, admin: 'admin' as const },
      { id: friend, lid: member, admin: null },
    ];
    const rows = beside({
      'groups.update': [
        { id: group, subject: 'Chess', participants },
        { id: group, desc: 'x' },
      ],
    });
    expect(rows?.chats).toBeUndefined();
    expect(rows?.settings).toEqual([{ jid: group, name: 'Chess', membersAt: now }]);
    expect(rows?.members?.map(({ role }) => role)).toEqual(['admin', 'member']);
    expect(rows?.lidPairs).toEqual([
      { lid: member, pn: friend },
      { lid: member, pn: friend },
    ]);
  });

  test('a community becomes a chat at once, since it never has messages', () => {
    const community = '120363000000000009@g.us';
    const rows = beside({
      'groups.update': [
        { id: community, subject: 'Street', isCommunity: true },
        { id: group, subject: 'Chess', linkedParent: community },
      ],
    });
    expect(rows?.chats).toEqual([{ jid: community, kind: 'community', name: 'Street' }]);
    expect(rows?.settings).toEqual([{ jid: group, name: 'Chess', parentJid: community }]);
  });

  test('events that say nothing do not reach the store', () => {
    handle({});
    handle({ 'presence.update': { id: friend, presences: {} }, 'chats.update': [{ id: friend, unreadCount: 1 }] });
    handle({
      'messages.update': [{ key: { remoteJid: friend, id: 'A' }, update: { messageStubType: StubType.REVOKE } }],
    });
    expect(received).toEqual([]);
  });

  test('a store that refuses them is an error of the caller', () => {
    refuse = true;
    expect(() => handle({ 'contacts.upsert': [{ id: friend, name: 'x' }] })).toThrow('disk full');
  });
});

describe('messages', () => {
  const message = (content: proto.IMessage | null, id: string) =>
    wire(content, { key: { remoteJid: friend, fromMe: false, id } }) as WAMessage;

  test('what was read on the phone before the message was handed over is not lost with it', () => {
    const read = { ...message({ conversation: 'x' }, 'READ'), status: Status.READ };
    const own = { ...message({ conversation: 'x' }, 'OWN'), status: Status.READ };
    own.key = { ...own.key, fromMe: true };
    handle({ 'messages.upsert': { messages: [read, own, message({ conversation: 'x' }, 'NEW')], type: 'notify' } });
    const changes = received[0]?.beside?.changes;
    expect(changes?.map(({ messageId, actor, value }) => [messageId, actor, value])).toEqual([['READ', me.pn, 'read']]);
  });

  test('go to the receiver as they are', () => {
    const one = message({ conversation: 'x' }, 'A');
    handle({ 'messages.upsert': { messages: [one], type: 'notify' } });
    expect(received[0]?.messages).toEqual([one]);
  });

  const gapOf = (messageId: string, chatJid: string) => ({
    ...{ chatJid, messageId, reason: 'unreadable', at: now, healed: false },
  });

  const merged = (): WAMessage => {
    const edited = message({ editedMessage: { message: { conversation: 'new text' } } }, 'M');
    edited.messageTimestamp = sentAt + 60;
    return edited;
  };

  test('into which the library merged an edit are taken from the journal, with their own text and time', async () => {
    const original = message({ conversation: 'old text' }, 'M');
    originals.set('M', original);
    const plain = message({ conversation: 'beside it' }, 'N');
    handle({ 'messages.upsert': { messages: [merged(), plain], type: 'notify' } });
    await expect.poll(() => received.length).toBe(2);
    expect(received[0]?.messages).toEqual([plain]);
    expect(received[1]?.messages).toEqual([original]);
  });

  test('into which a revoke was merged too', async () => {
    const original = message({ conversation: 'taken back' }, 'M');
    originals.set('M', original);
    const gone = message({ conversation: 'x' }, 'M');
    Object.assign(gone, { message: null, messageStubType: StubType.REVOKE });
    handle({ 'messages.upsert': { messages: [gone], type: 'append' } });
    await expect.poll(() => received.length).toBe(1);
    expect(received[0]?.messages).toEqual([original]);
  });

  test.each(['known', 'unknown'])('whose id a revoke replaced by its own are %s by the id it names', async (to) => {
    const original = message({ conversation: 'taken back' }, 'M');
    if (to === 'known') originals.set('M', original);
    const { REVOKE } = proto.Message.ProtocolMessage.Type;
    const revoke = message({ protocolMessage: { type: REVOKE, key: { id: 'M' } } }, 'R');
    const gone = message({ conversation: 'x' }, 'M');
    Object.assign(gone, { message: null, messageStubType: StubType.REVOKE, key: revoke.key });
    handle({ 'messages.upsert': { messages: [gone, revoke], type: 'append' } });
    await expect.poll(() => received.length).toBe(2);
    expect(received[0]?.messages).toEqual([revoke]);
    expect(received[1]?.messages).toEqual(to === 'known' ? [original] : []);
    expect(received[1]?.beside?.gaps ?? []).toEqual(to === 'known' ? [] : [gapOf('M', friend)]);
  });

  test.each(['edit', 'revoke'])(
    'that the journal does not have are a gap, and not what the %s of another made of them',
    async (by) => {
      const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
      const inGroup = (id: string, participant: string, content: proto.IMessage | null) =>
        wire(content, { key: { remoteJid: group, fromMe: false, id, participant } }) as WAMessage;
      const type = by === 'edit' ? MESSAGE_EDIT : REVOKE;
      const key = { remoteJid: group, id: 'M', participant: '20000000000004@lid' };
      const change = inGroup('R', member, {
        protocolMessage: { type, key, editedMessage: { conversation: 'forged' } },
      });
      // As the library merges them: an edit into the text of the message, a revoke into its key too.
      const forged = inGroup('M', key.participant, { editedMessage: { message: { conversation: 'forged' } } });
      const gone = { message: null, messageStubType: StubType.REVOKE, messageTimestamp: sentAt, key: change.key };
      const seen = by === 'edit' ? forged : (gone as WAMessage);
      handle({ 'messages.upsert': { messages: [seen, change], type: 'notify' } });
      await expect.poll(() => received.length).toBe(2);
      expect(received.map(({ messages }) => messages)).toEqual([[change], []]);
      expect(received[1]?.beside).toEqual({ gaps: [gapOf('M', group)] });
    },
  );

  test('edits as they come over the wire are not taken for merged ones', () => {
    const key = { remoteJid: friend, fromMe: false, id: 'T' };
    const protocolMessage = { key, type: 14, editedMessage: { conversation: 'new' } };
    const edit = message({ editedMessage: { message: { protocolMessage } } }, 'E');
    handle({ 'messages.upsert': { messages: [edit], type: 'notify' } });
    expect(received[0]?.messages).toEqual([edit]);
  });

  test('from the journal that the store refuses end the connection', async () => {
    refuse = true;
    handle({ 'messages.upsert': { messages: [merged()], type: 'notify' } });
    await expect.poll(() => failures.length).toBe(1);
  });
});

test('a stub in place of a message is a gap, and the message that comes after all heals it, whatever it is', () => {
  const stub = wire(null, { messageStubType: StubType.CIPHERTEXT });
  const whole = wire({ reactionMessage: { text: '👍' } });
  for (const message of [whole, stub, whole, whole]) {
    handle({ 'messages.upsert': { messages: [message as WAMessage], type: 'notify' } });
  }
  const gap = { chatJid: friend, messageId: stub.key?.id, reason: 'unreadable', at: now };
  const noted = received.map(({ beside }) => beside?.gaps);
  expect(noted).toEqual([undefined, [{ ...gap, healed: false }], [{ ...gap, healed: true }], undefined]);
});
