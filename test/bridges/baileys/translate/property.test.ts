import { proto } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { authorContact } from '../../../../bridges/baileys/translate/contact.ts';
import { hiddenFields } from '../../../../bridges/baileys/translate/content.ts';
import { translateMessage } from '../../../../bridges/baileys/translate/message.ts';
import { normalizeJid } from '../../../../src/domain/jid.ts';
import { changeKinds, type Message, type MessageChange, messageTypes } from '../../../../src/domain/message.ts';
import { context, friend, group, me } from './wire-message.ts';

type Made = { [field: string]: unknown };

/** Fields of the common message types with random values of roughly the right type. */
const texts = fc.oneof(
  fc.string(),
  fc.constant(''),
  fc.constant('\u0000\ud83d'),
  fc.constant('15550100001@s.whatsapp.net'),
);
const numbers = fc.oneof(fc.integer(), fc.constant(0), fc.nat(), fc.constant(2 ** 31));
const bytes = fc.uint8Array({ maxLength: 40 });
const keys = fc.record(
  {
    remoteJid: fc.constantFrom(
      friend,
      group,
      'status@broadcast',
      '1@broadcast',
      '5@newsletter',
      '7:3@lid',
      '',
      'x',
      me.pn,
    ),
    fromMe: fc.boolean(),
    id: texts,
    participant: fc.constantFrom(friend, '9:1@lid', '', 'bad', '5@hosted'),
  },
  { requiredKeys: [] },
);

const named = [
  'conversation',
  'extendedTextMessage',
  'imageMessage',
  'videoMessage',
  'ptvMessage',
  'audioMessage',
  'documentMessage',
  'stickerMessage',
  'pollCreationMessage',
  'pollCreationMessageV3',
  'contactMessage',
  'contactsArrayMessage',
  'locationMessage',
  'liveLocationMessage',
  'eventMessage',
  'groupInviteMessage',
  'productMessage',
  'orderMessage',
  'callLogMesssage',
  'bcallMessage',
  'scheduledCallCreationMessage',
  'buttonsMessage',
  'listMessage',
  'templateMessage',
  'interactiveMessage',
  'protocolMessage',
  'reactionMessage',
  'pollUpdateMessage',
  'ephemeralMessage',
  'viewOnceMessage',
  'editedMessage',
  'documentWithCaptionMessage',
  'deviceSentMessage',
  'albumMessage',
  'keepInChatMessage',
  'sendPaymentMessage',
  'stickerPackMessage',
  'messageContextInfo',
  'senderKeyDistributionMessage',
];

const inner: fc.Arbitrary<Made> = fc.record(
  {
    text: texts,
    caption: texts,
    name: texts,
    title: texts,
    description: texts,
    displayName: texts,
    vcard: texts,
    fileName: texts,
    mimetype: texts,
    body: texts,
    contentText: texts,
    groupName: texts,
    degreesLatitude: fc.double(),
    degreesLongitude: fc.double(),
    seconds: numbers,
    width: numbers,
    fileLength: numbers,
    startTime: numbers,
    fileSha256: bytes,
    gifPlayback: fc.boolean(),
    ptt: fc.boolean(),
    viewOnce: fc.boolean(),
    type: fc.nat(30),
    key: keys,
    timestampMs: numbers,
    senderTimestampMs: numbers,
    options: fc.array(fc.record({ optionName: texts })),
    contextInfo: fc.record(
      {
        stanzaId: texts,
        participant: texts,
        mentionedJid: fc.array(texts),
        expiration: numbers,
        isForwarded: fc.boolean(),
        forwardingScore: numbers,
        quotedMessage: fc.record({ conversation: texts }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const messages: fc.Arbitrary<Made> = fc.letrec<{ message: Made }>((tie) => ({
  message: fc
    .array(
      fc.tuple(fc.constantFrom(...named), fc.oneof({ maxDepth: 3 }, inner, fc.record({ message: tie('message') }))),
      { maxLength: 3 },
    )
    .map((fields) =>
      Object.fromEntries(fields.map(([name, value]) => [name, name === 'conversation' ? 'said' : value])),
    ),
})).message;

const infos = fc.record(
  {
    key: keys,
    message: messages,
    messageTimestamp: numbers,
    status: fc.nat(8),
    participant: texts,
    pushName: texts,
    starred: fc.boolean(),
    messageStubType: fc.nat(200),
    ephemeralDuration: numbers,
    ephemeralStartTimestamp: numbers,
    reactions: fc.array(fc.record({ key: keys, text: texts, senderTimestampMs: numbers }, { requiredKeys: [] })),
    userReceipt: fc.array(
      fc.record({ userJid: texts, receiptTimestamp: numbers, readTimestamp: numbers }, { requiredKeys: [] }),
    ),
    pollUpdates: fc.array(
      fc.record({ pollUpdateMessageKey: keys, vote: fc.record({ selectedOptions: fc.array(bytes) }) }),
    ),
  },
  { requiredKeys: [] },
);

/** Encodes and decodes, as for all messages from the library; undefined when it cannot be encoded. */
function decoded(made: Made): proto.WebMessageInfo | undefined {
  try {
    return proto.WebMessageInfo.decode(proto.WebMessageInfo.encode(proto.WebMessageInfo.fromObject(made)).finish());
  } catch {
    return undefined;
  }
}

function assertValidRow(row: Message): void {
  expect(normalizeJid(row.chatJid)).toBe(row.chatJid);
  expect(row.chatJid).not.toBe('status@broadcast');
  expect(row.id).not.toBe('');
  expect(Number.isSafeInteger(row.timestamp) && row.timestamp > 0 && row.timestamp < 1e11).toBe(true);
  if (row.sender !== null) expect(normalizeJid(row.sender)).toBe(row.sender);
  expect(messageTypes).toHaveProperty(row.type);
  for (const text of [row.filename, row.title, row.quotedId, row.status])
    expect(text === null || text.length > 0).toBe(true);
  expect(row.expiresAt === null || Number.isSafeInteger(row.expiresAt)).toBe(true);
  expect(row.raw?.length).toBeGreaterThan(0);
  JSON.stringify(row.details);
}

function assertValidChange(change: MessageChange): void {
  expect(normalizeJid(change.chatJid)).toBe(change.chatJid);
  expect(normalizeJid(change.actor)).toBe(change.actor);
  expect(change.messageId).not.toBe('');
  expect(changeKinds).toContain(change.kind);
  expect(Number.isSafeInteger(change.at) && change.at > 0).toBe(true);
  expect(typeof change.value).toBe('string');
}

test('whatever the wire brings, translation does not throw and gives valid rows and changes', () => {
  let rows = 0;
  let changes = 0;
  fc.assert(
    fc.property(infos, (made) => {
      const info = decoded(made);
      if (!info) return;
      const translated = translateMessage(info, context);
      if (translated.message) assertValidRow(translated.message);
      for (const change of translated.changes) assertValidChange(change);
      authorContact(info, me);
      rows += translated.message ? 1 : 0;
      changes += translated.changes.length;
    }),
    { numRuns: 3000, seed: 20261122 },
  );
  expect(rows).toBeGreaterThan(200); // otherwise the test would pass only because the generator makes too few rows
  expect(changes).toBeGreaterThan(200);
});

test('no visible content is dropped: every field of the wire message is a row, hidden, or an envelope', () => {
  const known = Object.keys(proto.Message.prototype).filter((name) => !name.startsWith('_') && name !== 'toJSON');
  expect(known.length).toBeGreaterThan(80);
  for (const field of known) {
    const value = field === 'conversation' ? 'x' : { message: { conversation: 'inside' } };
    const info = { key: { remoteJid: friend, id: 'A' }, messageTimestamp: 1_767_323_045, message: { [field]: value } };
    const row = translateMessage(info as proto.IWebMessageInfo, {
      ...context,
      encode: () => new Uint8Array(1),
    }).message;
    expect([field, row !== undefined]).toEqual([field, !hiddenFields.has(field)]);
  }
});
