import { processHistoryMessage, proto } from '@whiskeysockets/baileys';
import { historyBatches } from '../../bridges/baileys/translate/history.ts';
import type { IngestBatch } from '../../bridges/bridge.ts';
import { ada, adaLid } from './contents.ts';
import { ben, context, group, keyed } from './messages.ts';

const msg = (info: Partial<proto.IWebMessageInfo>): proto.IHistorySyncMsg => ({
  message: { ...keyed({}), ...info },
});

const conversations: proto.IConversation[] = [
  {
    id: ada,
    lidJid: adaLid,
    name: 'Ada',
    unreadCount: 2,
    archived: true,
    pinned: 1_760_000_000,
    muteEndTime: 1_760_000_000_000,
    lastMsgTimestamp: 1_760_000_005,
    ephemeralExpiration: 86400,
    messages: [
      msg({ key: { remoteJid: ada, id: 'H1', fromMe: false } }),
      msg({ key: { remoteJid: ada, id: 'H2', fromMe: true }, status: 4 }),
    ],
  },
  {
    id: adaLid.replace('001', '009'),
    pnJid: '15550100009@s.whatsapp.net',
    displayName: 'Nine',
    markedAsUnread: true,
    unreadCount: 0,
  },
  {
    id: '20000000000007@lid',
    messages: [
      msg({
        key: { remoteJid: '20000000000007@lid', id: 'H3', fromMe: true },
        userReceipt: [{ userJid: '15550100007@s.whatsapp.net', readTimestamp: 5 }],
      }),
    ],
  },
  {
    id: group,
    name: 'Crew',
    isParentGroup: false,
    parentGroupId: '120363000000000002@g.us',
    muteEndTime: -1,
    participant: [
      { userJid: ada, rank: 1 },
      { userJid: adaLid, rank: 0 },
      { userJid: ben, rank: 2 },
    ],
    conversationTimestamp: 1_760_000_001,
    messages: [
      msg({ key: { remoteJid: group, id: 'G1', participant: ben }, pushName: 'Ben' }),
      msg({
        key: { remoteJid: group, id: 'G2', participant: ada },
        message: null,
        messageStubType: 128,
        messageStubParameters: ['A Shop'],
      }),
    ],
  },
  { id: '120363000000000002@g.us', name: 'All', isParentGroup: true },
  { id: 'status@broadcast', messages: [] },
  { id: '120363000000000009@newsletter', name: 'News' },
];

const base: Omit<proto.IHistorySync, 'syncType'> = {
  conversations,
  phoneNumberToLidMappings: [{ pnJid: ben, lidJid: '20000000000002@lid' }],
  pastParticipants: [
    { groupJid: group, pastParticipants: [{ userJid: '15550100005@s.whatsapp.net', leaveTs: 1_760_000_000 }] },
  ],
};

const blobs: [string, proto.IHistorySync][] = [
  ['bootstrap', { syncType: 0, ...base }],
  ['full', { syncType: 2, ...base }],
  ['recent', { syncType: 3, ...base }],
  ['on-demand', { syncType: 6, ...base }],
  [
    'push-names',
    {
      syncType: 4,
      conversations: [],
      pushnames: [
        { id: ada, pushname: 'Ada!' },
        { id: group, pushname: 'x' },
        { id: ben, pushname: '' },
      ],
    },
  ],
  ['status', { syncType: 1, conversations: [] }],
  [
    'long',
    {
      syncType: 2,
      conversations: [
        {
          id: ada,
          messages: Array.from({ length: 1203 }, (_, n) =>
            msg({ key: { remoteJid: ada, id: `N${n}`, fromMe: false }, pushName: '', message: { conversation: '' } }),
          ),
        },
      ],
    },
  ],
];

/** In each line a blob of history as the phone packs it, and the batches that Node makes of it; of many messages the ids. */
export function history(): string[] {
  return blobs.map(([name, blob]) => {
    const bytes = proto.HistorySync.encode(proto.HistorySync.fromObject(blob)).finish();
    const data = processHistoryMessage(proto.HistorySync.decode(bytes));
    const batches = [...historyBatches(data, context)].map((batch) => ({ lane: 'history', ...batch, ...rows(batch) }));
    return JSON.stringify({ name, bytes: Buffer.from(bytes).toString('base64'), batches });
  });
}

function rows({ messages }: Pick<IngestBatch, 'messages'>): object {
  if (messages === undefined) return {};
  return { messages: messages.map((row) => (messages.length < 100 ? { ...row, raw: null } : row.id)) };
}
