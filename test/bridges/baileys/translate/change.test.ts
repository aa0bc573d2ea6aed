import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it, test } from 'vitest';
import { editTime, receiptTime, visibleText } from '../../../../bridges/baileys/translate/change.ts';
import { friend, group, me, sentAt, translate } from './wire-message.ts';

const { Type } = proto.Message.ProtocolMessage;
const lidMember = '20000000000003@lid';
const target = { remoteJid: friend, fromMe: false, id: 'TARGET' };
const sentMs = sentAt * 1000;

const changes = (message: proto.IMessage | null, info: Partial<proto.IWebMessageInfo> = {}) =>
  translate(message, info).changes;

describe('messages that change another one', () => {
  test('an edit gives the new text, with the time of the edit', () => {
    const edit = {
      key: target,
      type: Type.MESSAGE_EDIT,
      editedMessage: { conversation: 'new' },
      timestampMs: sentMs + 5,
    };
    const expected = [
      { chatJid: friend, messageId: 'TARGET', kind: 'edit', actor: friend, at: sentMs + 5, value: 'new' },
    ];
    expect(changes({ protocolMessage: edit })).toEqual(expected);
    expect(changes({ editedMessage: { message: { protocolMessage: edit } } })).toEqual(expected);
    expect(translate({ protocolMessage: edit }).message).toBeUndefined();
  });

  test('an edited caption is the new text', () => {
    const edit = { key: target, type: Type.MESSAGE_EDIT, editedMessage: { imageMessage: { caption: 'better' } } };
    expect(changes({ protocolMessage: edit })).toMatchObject([{ kind: 'edit', value: 'better', at: sentMs }]);
  });

  test('a revoke names who took it back', () => {
    const revoke = { protocolMessage: { key: { ...target, remoteJid: group }, type: Type.REVOKE } };
    const key = { remoteJid: group, fromMe: false, id: 'R', participant: lidMember };
    expect(changes(revoke, { key })).toEqual([
      { chatJid: group, messageId: 'TARGET', kind: 'revoke', actor: lidMember, at: sentMs, value: '' },
    ]);
  });

  test('a reaction carries its emoji, an empty one takes it back, own ones are the account’s', () => {
    const at = sentMs + 77;
    const reaction = (text: string) => ({ reactionMessage: { key: target, text, senderTimestampMs: at } });
    const own = { key: { remoteJid: friend, fromMe: true, id: 'R' } };
    expect(changes(reaction('🎉'))).toEqual([
      { chatJid: friend, messageId: 'TARGET', kind: 'reaction', actor: friend, at, value: '🎉' },
    ]);
    expect(changes(reaction(''), own)).toMatchObject([{ actor: me.pn, value: '' }]);
  });

  test.each([
    ['a protocol message without type', { protocolMessage: { key: target } }],
    ['a settings change', { protocolMessage: { key: target, type: Type.EPHEMERAL_SETTING } }],
    ['an edit without target', { protocolMessage: { type: Type.MESSAGE_EDIT, editedMessage: { conversation: 'x' } } }],
    ['an edit without content', { protocolMessage: { key: target, type: Type.MESSAGE_EDIT } }],
  ])('%s changes nothing', (_name, message) => {
    expect(changes(message)).toEqual([]);
  });

  test('status posts change nothing', () => {
    const key = { remoteJid: 'status@broadcast', fromMe: false, id: 'S', participant: friend };
    expect(changes({ reactionMessage: { key: target, text: '👍' } }, { key })).toEqual([]);
  });
});

describe('what history attaches to a message', () => {
  const own = { remoteJid: group, fromMe: true, id: 'OWN' };

  test('reactions, each with its author', () => {
    const reactions = [
      {
        key: { remoteJid: group, fromMe: false, participant: lidMember, id: 'r1' },
        text: '👍',
        senderTimestampMs: sentMs + 1,
      },
      { key: { remoteJid: group, fromMe: true, id: 'r2' }, text: '😀' },
      { text: 'nobody' },
    ];
    const found = changes({ conversation: 'x' }, { key: own, reactions });
    expect(found).toEqual([
      { chatJid: group, messageId: 'OWN', kind: 'reaction', actor: lidMember, at: sentMs + 1, value: '👍' },
      { chatJid: group, messageId: 'OWN', kind: 'reaction', actor: me.pn, at: sentMs, value: '😀' },
    ]);
  });

  test('receipts, each with the most its recipient did', () => {
    const userReceipt = [
      { userJid: '15550100002:4@s.whatsapp.net', receiptTimestamp: sentAt + 1, readTimestamp: sentAt + 2 },
      { userJid: '15550100003@s.whatsapp.net', receiptTimestamp: sentAt + 3 },
      { userJid: '15550100004@s.whatsapp.net', readTimestamp: sentAt + 4, playedTimestamp: sentAt + 5 },
      { userJid: '15550100005@s.whatsapp.net' },
    ];
    const found = changes({ conversation: 'x' }, { key: own, userReceipt });
    expect(found.map(({ kind, actor, at, value }) => [kind, actor, at, value])).toEqual([
      ['receipt', '15550100002@s.whatsapp.net', (sentAt + 2) * 1000 + 4, 'read'],
      ['receipt', '15550100003@s.whatsapp.net', (sentAt + 3) * 1000 + 3, 'delivered'],
      ['receipt', '15550100004@s.whatsapp.net', (sentAt + 5) * 1000 + 5, 'played'],
    ]);
  });

  test('of one second are told apart by what they say, so that none takes the place of another', () => {
    const states = ['delivered', 'read', 'played'] as const;
    const times = states.map((state) => receiptTime(sentAt, state, 7));
    expect(new Set(times).size).toBe(3);
    expect(times).toEqual(times.toSorted());
    expect(times.map((at) => Math.floor(at / 1000))).toEqual([sentAt, sentAt, sentAt]);
    expect(receiptTime(null, 'read', 7)).toBe(7);
  });

  test('votes the phone could read, as names of options', () => {
    const hash = (name: string) => createHash('sha256').update(name).digest();
    const poll = { name: 'When?', options: [{ optionName: 'Mon' }, { optionName: 'Tue' }, { optionName: 'Wed' }] };
    const pollUpdates = [
      {
        pollUpdateMessageKey: { remoteJid: group, participant: lidMember, id: 'v1' },
        vote: { selectedOptions: [hash('Wed'), hash('Mon'), hash('never offered')] },
        senderTimestampMs: sentMs + 9,
      },
      { pollUpdateMessageKey: { remoteJid: group, participant: friend, id: 'v2' }, vote: { selectedOptions: [] } },
    ];
    expect(changes({ pollCreationMessageV3: poll }, { key: own, pollUpdates })).toEqual([
      { chatJid: group, messageId: 'OWN', kind: 'vote', actor: lidMember, at: sentMs + 9, value: '["Mon","Wed"]' },
      { chatJid: group, messageId: 'OWN', kind: 'vote', actor: friend, at: sentMs, value: '[]' },
    ]);
    expect(changes({ conversation: 'no poll' }, { key: own, pollUpdates })).toEqual([]);
  });
});

test('the visible text of a message is its text or caption, and empty for what has none', () => {
  expect(visibleText({ ephemeralMessage: { message: { conversation: 'inside' } } })).toBe('inside');
  expect(visibleText({ imageMessage: {} })).toBe('');
  expect(visibleText({})).toBe('');
});

describe('the time of an edit', () => {
  const sentAt = 1_760_000_000_000;
  it.each([
    ['is that of its author within the second in which the server had it', sentAt + 345, sentAt + 345],
    ['is that of its author up to two minutes before', sentAt - 90_000, sentAt - 90_000],
    ['is no earlier, whatever the author claims', 1, sentAt - 120_000],
    ['is no later than the server had it', sentAt + 86_400_000, sentAt + 999],
    ['is that of the server where the author says none', undefined, sentAt],
  ])('%s', (_, claimed, at) => {
    expect(editTime(claimed, sentAt)).toBe(at);
  });
});
