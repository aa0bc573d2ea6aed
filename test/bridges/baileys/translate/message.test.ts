import { proto } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { messageTypes } from '../../../../src/domain/message.ts';
import { kinds, sha } from './kinds.ts';
import { friend, group, me, row, sentAt, translate } from './wire-message.ts';

describe('every visible kind of message', () => {
  test.each(kinds)('%s becomes a row', (_name, message, expected) => {
    expect(row(message)).toMatchObject(expected);
  });

  test('together they cover every type a message can have', () => {
    const types = new Set(kinds.map(([, message]) => row(message).type));
    types.add(row(null, { messageStubType: proto.WebMessageInfo.StubType.REVOKE }).type);
    types.add(row({ sendPaymentMessage: {} }).type);
    expect([...types].sort()).toEqual(Object.keys(messageTypes).sort());
  });

  test('a kind without a reader is kept as unsupported, with its name', () => {
    expect(row({ sendPaymentMessage: { noteMessage: { conversation: 'x' } } })).toMatchObject({
      type: 'unsupported',
      content: '',
      details: { wire_type: 'sendPaymentMessage' },
    });
  });

  test('a kind that can be read wins over an unknown one beside it', () => {
    expect(row({ stickerPackMessage: {}, conversation: 'both' }).type).toBe('text');
  });
});

describe('envelopes', () => {
  test('disappearing messages carry the time at which they go', () => {
    const inner = { extendedTextMessage: { text: 'soon gone', contextInfo: { expiration: 86_400 } } };
    expect(row({ ephemeralMessage: { message: inner } })).toMatchObject({
      content: 'soon gone',
      expiresAt: sentAt + 86_400,
    });
    const started = { ephemeralDuration: 60, ephemeralStartTimestamp: sentAt + 10 };
    expect(row({ conversation: 'x' }, started).expiresAt).toBe(sentAt + 70);
    expect(row({ conversation: 'x' }).expiresAt).toBeNull();
  });

  test.each(['viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension'] as const)(
    '%s is a row that says view once, also when it was opened elsewhere',
    (field) => {
      expect(row({ [field]: { message: { imageMessage: { caption: 'c' } } } })).toMatchObject({
        type: 'image',
        content: 'c',
        viewOnce: true,
      });
      expect(row({ [field]: { message: {} } })).toMatchObject({ type: 'unsupported', viewOnce: true });
    },
  );

  test('the view-once mark inside of a picture counts too', () => {
    expect(row({ imageMessage: { viewOnce: true } }).viewOnce).toBe(true);
    expect(row({ imageMessage: {} }).viewOnce).toBe(false);
  });

  test('nested envelopes are opened, endless ones are given up', () => {
    const two = { ephemeralMessage: { message: { viewOnceMessageV2: { message: { videoMessage: {} } } } } };
    expect(row(two)).toMatchObject({ type: 'video', viewOnce: true });
    let endless: proto.IMessage = { conversation: 'deep' };
    for (let depth = 0; depth < 40; depth++) endless = { ephemeralMessage: { message: endless } };
    expect(row(endless).type).toBe('unsupported');
  });
});

describe('context', () => {
  test('quotes, mentions and forwarding are read from any kind', () => {
    const contextInfo = {
      stanzaId: 'Q1',
      participant: '15550100002:7@s.whatsapp.net',
      quotedMessage: { imageMessage: { caption: 'the old one' } },
      mentionedJid: ['15550100003@s.whatsapp.net', 'nonsense'],
      isForwarded: true,
      forwardingScore: 2,
    };
    expect(row({ videoMessage: { caption: 're', contextInfo } })).toMatchObject({
      quotedId: 'Q1',
      forwarded: true,
      details: {
        quoted: { id: 'Q1', sender: '15550100002@s.whatsapp.net', type: 'image', text: 'the old one' },
        mentions: ['15550100003@s.whatsapp.net'],
      },
    });
  });

  test('a quote without content keeps its id', () => {
    const quoting = { extendedTextMessage: { text: 're', contextInfo: { stanzaId: 'Q2' } } };
    expect(row(quoting)).toMatchObject({ quotedId: 'Q2', details: { quoted: { id: 'Q2' } } });
  });
});

describe('chat and author', () => {
  test('in a direct chat the other side, without device part', () => {
    const key = { remoteJid: '15550100001:3@s.whatsapp.net', id: 'A', fromMe: false };
    expect(row({ conversation: 'x' }, { key })).toMatchObject({
      chatJid: friend,
      sender: friend,
      fromMe: false,
      status: null,
    });
  });

  test('own messages have the account as author and their delivery state', () => {
    const key = { remoteJid: friend, id: 'A', fromMe: true };
    const status = proto.WebMessageInfo.Status.READ;
    expect(row({ conversation: 'x' }, { key, status })).toMatchObject({
      chatJid: friend,
      sender: me.pn,
      fromMe: true,
      status: 'read',
    });
  });

  test('in a group the participant, from the key or the message; null when neither has it', () => {
    const key = { remoteJid: group, id: 'A', fromMe: false };
    const participant = '20000000000003:12@lid';
    expect(row({ conversation: 'x' }, { key: { ...key, participant } }).sender).toBe('20000000000003@lid');
    expect(row({ conversation: 'x' }, { key, participant }).sender).toBe('20000000000003@lid');
    expect(row({ conversation: 'x' }, { key }).sender).toBeNull();
  });

  test('a broadcast list is a chat to its owner only', () => {
    const list = { remoteJid: '1700000000@broadcast', id: 'A', participant: friend };
    expect(row({ conversation: 'x' }, { key: { ...list, fromMe: false } }).chatJid).toBe(friend);
    expect(row({ conversation: 'x' }, { key: { ...list, fromMe: true } }).chatJid).toBe('1700000000@broadcast');
  });
});

describe('messages without a row', () => {
  const none: [string, proto.IMessage | null, Partial<proto.IWebMessageInfo>][] = [
    ['a status post', { conversation: 'x' }, { key: { remoteJid: 'status@broadcast', id: 'A', participant: friend } }],
    ['a system stub', null, { messageStubType: proto.WebMessageInfo.StubType.GROUP_CREATE }],
    ['an undecrypted message', null, { messageStubType: proto.WebMessageInfo.StubType.CIPHERTEXT }],
    ['a key distribution', { senderKeyDistributionMessage: { groupId: group } }, {}],
    ['a reaction', { reactionMessage: { key: { id: 'B' }, text: '👍' } }, {}],
    ['an album envelope', { albumMessage: { expectedImageCount: 2 } }, {}],
    ['an empty message', {}, {}],
    ['a message without id', { conversation: 'x' }, { key: { remoteJid: friend } }],
    ['a message of a system address', { conversation: 'x' }, { key: { remoteJid: 'system', id: 'A' } }],
  ];
  test.each(none)('%s', (_name, message, info) => {
    expect(translate(message, info).message).toBeUndefined();
  });

  test('but a message that was taken back is one', () => {
    expect(row(null, { messageStubType: proto.WebMessageInfo.StubType.REVOKE })).toMatchObject({
      type: 'revoked',
      content: '',
    });
  });
});

describe('the rest of a row', () => {
  test('time is in seconds, also when it came in milliseconds or not at all', () => {
    expect(row({ conversation: 'x' }).timestamp).toBe(sentAt);
    expect(row({ conversation: 'x' }, { messageTimestamp: sentAt * 1000 }).timestamp).toBe(sentAt);
    expect(row({ conversation: 'x' }, { messageTimestamp: null }).timestamp).toBe(1_770_000_000);
  });

  test('the wire form is kept whole', () => {
    const kept = row({ conversation: 'keep me', messageContextInfo: { messageSecret: sha } }, { starred: true });
    expect(kept.starred).toBe(true);
    const again = proto.WebMessageInfo.decode(kept.raw ?? new Uint8Array());
    expect(again.message?.conversation).toBe('keep me');
    expect(Buffer.from(again.message?.messageContextInfo?.messageSecret ?? []).equals(Buffer.from(sha))).toBe(true);
  });
});
