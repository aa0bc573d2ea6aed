import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { hiddenFields } from '../../bridges/baileys/translate/content.ts';
import { type TranslateContext, translateMessage } from '../../bridges/baileys/translate/message.ts';
import { ada, adaLid, contents } from './contents.ts';

export const ben = '15550100002@s.whatsapp.net';
export const group = '120363000000000001@g.us';
const me = { pn: '15550100000@s.whatsapp.net', lid: '20000000000000@lid' };

/** The wire form is left out of rows: each library orders the fields of a message in its own way. */
export const context: TranslateContext = { me, now: 1_760_000_000_000, encode: () => new Uint8Array() };

const hash = (option: string) => createHash('sha256').update(option).digest();

/** A plain message under a key of which parts can be replaced. */
export const keyed = (key: proto.IMessageKey): proto.IWebMessageInfo => ({
  key: { remoteJid: ada, id: 'M1', fromMe: false, ...key },
  messageTimestamp: 1_760_000_005,
  message: { conversation: 'x' },
});

/** What differs outside of the content: who writes where and when, and what is attached. */
const envelopes: [string, proto.IWebMessageInfo][] = [
  ['own', { ...keyed({ fromMe: true }), status: 3 }],
  ['own-played', { ...keyed({ fromMe: true }), status: 5 }],
  ['own-error', { ...keyed({ fromMe: true }), status: 0 }],
  ['others-status', { ...keyed({}), status: 3 }],
  ['group', keyed({ remoteJid: group, participant: '15550100001:2@s.whatsapp.net' })],
  ['group-outer-participant', { ...keyed({ remoteJid: group }), participant: adaLid }],
  ['group-nobody', keyed({ remoteJid: group })],
  ['group-own', keyed({ remoteJid: group, fromMe: true, participant: me.lid })],
  ['lid', keyed({ remoteJid: '20000000000001:4@lid' })],
  ['status', keyed({ remoteJid: 'status@broadcast', participant: ada })],
  ['broadcast', keyed({ remoteJid: '1600000000@broadcast', participant: ada })],
  ['broadcast-own', keyed({ remoteJid: '1600000000@broadcast', fromMe: true })],
  ['newsletter', keyed({ remoteJid: '120363000000000009@newsletter' })],
  ['no-address', keyed({ remoteJid: 'nobody' })],
  ['no-id', keyed({ id: '' })],
  ['no-time', { ...keyed({}), messageTimestamp: 0 }],
  ['ms-time', { ...keyed({}), messageTimestamp: 1_760_000_005_000 }],
  ['starred', { ...keyed({}), starred: true }],
  ['ephemeral-outer', { ...keyed({}), ephemeralDuration: 60, ephemeralStartTimestamp: 1_760_000_100 }],
  ['revoked-stub', { ...keyed({}), message: null, messageStubType: 1 }],
  ['other-stub', { ...keyed({}), message: null, messageStubType: 27 }],
  ['group-revoke', { ...keyed({ remoteJid: group, participant: ben }), message: contents.revoke }],
  ['group-reaction', { ...keyed({ remoteJid: group, participant: adaLid }), message: contents.reaction }],
  ['own-edit', { ...keyed({ fromMe: true }), message: contents.edit }],
  [
    'attached',
    {
      ...keyed({ remoteJid: group, participant: ben }),
      reactions: [
        { key: { participant: adaLid, remoteJid: group }, text: '🎉', senderTimestampMs: 1_760_000_007_000 },
        { key: { fromMe: true }, text: '👀' },
        { key: {}, text: 'nobody' },
      ],
      userReceipt: [
        { userJid: ada, receiptTimestamp: 1_760_000_006, readTimestamp: 1_760_000_007 },
        { userJid: ben, receiptTimestamp: 1_760_000_006 },
        { userJid: adaLid, playedTimestamp: 1_760_000_008 },
        { userJid: 'nobody', readTimestamp: 5 },
        { userJid: me.pn },
      ],
    },
  ],
  [
    'attached-direct',
    {
      ...keyed({ fromMe: true }),
      reactions: [{ key: { remoteJid: ada }, text: '🎉' }],
      userReceipt: [{ userJid: ada, readTimestamp: 1_760_000_007 }],
    },
  ],
  [
    'votes',
    {
      ...keyed({ remoteJid: group, participant: ben }),
      message: contents.poll,
      pollUpdates: [
        {
          pollUpdateMessageKey: { participant: ada },
          vote: { selectedOptions: [hash('b'), hash('zzz')] },
          senderTimestampMs: 1_760_000_011_000,
        },
        { pollUpdateMessageKey: { fromMe: true }, vote: { selectedOptions: [] } },
        { vote: {} },
      ],
    },
  ],
];

/** Four bytes that are no UTF-8, in the ways in which text breaks. */
const brokenBytes: Record<string, string> = {
  stray: 'fffe4141',
  'half-a-pair': 'eda08041',
  'a-pair-in-six-bytes': 'eda0bd41',
  'cut-of-three': 'e2824141',
  'cut-of-four': 'f09f9841',
  'too-long': 'c0aff541',
  'beyond-unicode': 'f4908080',
  'zero-in-three': 'e0808041',
  'ends-within': '4141e282',
};
const marker = '@@@@';

/** Every text of a message that a person may see, and its names. */
const spoiled: Record<string, proto.IWebMessageInfo> = {
  text: { ...keyed({}), pushName: marker, message: { conversation: `before ${marker} after` } },
  link: { ...keyed({}), message: { extendedTextMessage: { text: marker, title: marker, description: marker } } },
  document: { ...keyed({}), message: { documentMessage: { fileName: `${marker}.pdf`, caption: marker } } },
  poll: {
    ...keyed({}),
    message: { pollCreationMessage: { name: marker, options: [{ optionName: marker }, { optionName: 'b' }] } },
  },
  edit: {
    ...keyed({}),
    message: {
      protocolMessage: { type: 14, key: keyed({}).key ?? null, editedMessage: { conversation: marker } },
    },
  },
  reaction: { ...keyed({}), message: { reactionMessage: { key: keyed({}).key ?? null, text: marker } } },
  quote: {
    ...keyed({}),
    message: {
      extendedTextMessage: {
        text: 'x',
        contextInfo: { stanzaId: 'Q1', participant: ada, quotedMessage: { conversation: marker } },
      },
    },
  },
};

function* brokenMessages(): Generator<[string, Uint8Array]> {
  for (const [field, info] of Object.entries(spoiled)) {
    const bytes = proto.WebMessageInfo.encode(proto.WebMessageInfo.fromObject(info)).finish();
    for (const [name, hex] of Object.entries(brokenBytes)) {
      const text = Buffer.from(bytes).toString('latin1').replaceAll(marker, Buffer.from(hex, 'hex').toString('latin1'));
      yield [`broken-${field}-${name}`, Buffer.from(text, 'latin1')];
    }
  }
}

/** In each line the bytes of a message, and the row and changes that Node makes of them. */
export function messages(): string[] {
  const unseen = Object.fromEntries(
    [...hiddenFields].map((field): [string, proto.IMessage] => [field, { [field]: {} }]),
  );
  const sent = Object.entries({ ...contents, ...unseen }).map(([name, message]): [string, proto.IWebMessageInfo] => [
    name,
    { ...keyed({}), pushName: 'Ada', message },
  ]);
  const whole = [...sent, ...envelopes].map(([name, info]): [string, Uint8Array] => [
    name,
    proto.WebMessageInfo.encode(proto.WebMessageInfo.fromObject(info)).finish(),
  ]);
  return [...whole, ...brokenMessages()].map(([name, bytes]) => {
    const { message, changes } = translateMessage(proto.WebMessageInfo.decode(bytes), context);
    const row = message ? { ...message, raw: null } : null;
    return JSON.stringify({ name, bytes: Buffer.from(bytes).toString('base64'), message: row, changes });
  });
}
