import type { IngestBatch } from '../../bridges/bridge.ts';
import type { Message, MessageChange } from '../../src/domain/message.ts';
import * as sync from '../sync/fixtures.ts';

const { ada, ben, eve, group, me } = sync;

const t = 1_760_000_000;
const live = (batch: Omit<IngestBatch, 'lane'>): IngestBatch => ({ lane: 'live', ...batch });
const history = (batch: Omit<IngestBatch, 'lane'>): IngestBatch => ({ lane: 'history', ...batch });
const m = (overrides: Partial<Message>) => sync.message({ timestamp: t + 10, ...overrides });
const change = (overrides: Partial<MessageChange>) => sync.change({ at: (t + 60) * 1000, ...overrides });

/** Orders in which two writers that each seem right could differ. Each batch is copied before the next one comes. */
export const orderCases: Record<string, IngestBatch[]> = {
  'one-person-two-addresses': [
    live({ messages: [m({ chatJid: ada.lid, sender: ada.lid, id: 'L1' })] }),
    live({ messages: [m({ id: 'P1', timestamp: t + 11 })], contacts: [{ jid: ada.pn, pushName: 'Ada' }] }),
    live({
      messages: [
        m({ id: 'P2', timestamp: t + 12 }),
        m({ chatJid: ada.lid, sender: ada.lid, id: 'L2', timestamp: t + 13 }),
      ],
    }),
    live({
      contacts: [{ jid: ada.lid, savedName: 'Ada L.' }],
      chats: [{ jid: ada.lid, name: 'hidden', archived: true }],
    }),
    live({ chats: [{ jid: ada.pn, name: 'Ada', pinnedAt: t }] }),
    live({ lidPairs: [ada] }),
    live({ messages: [m({ chatJid: ada.lid, sender: ada.lid, id: 'L3', timestamp: t + 14 })] }),
  ],
  'the-last-pair-counts': [
    live({
      messages: [
        m({ id: 'A1' }),
        m({ chatJid: ben.pn, sender: ben.pn, id: 'B1' }),
        m({ chatJid: ada.lid, sender: ada.lid, id: 'L1' }),
      ],
    }),
    live({
      contacts: [
        { jid: ada.pn, savedName: 'Ada' },
        { jid: ada.lid, pushName: 'ada' },
        { jid: ben.pn, savedName: 'Ben' },
      ],
    }),
    live({ lidPairs: [ada] }),
    live({
      messages: [m({ chatJid: ada.lid, sender: ada.lid, id: 'L2', timestamp: t + 20 })],
      changes: [change({ chatJid: ada.lid, messageId: 'none', actor: ada.lid })],
    }),
    live({ lidPairs: [{ lid: ada.lid, pn: ben.pn }] }),
    live({ messages: [m({ chatJid: ben.pn, sender: ben.pn, id: 'B2', timestamp: t + 30 })] }),
    live({ lidPairs: [ada] }),
  ],
  'a-number-moves-to-another-identity': [
    live({ messages: [m({ id: 'A1' })], chats: [{ jid: ada.lid, pn: ada.pn, name: 'Ada' }] }),
    live({ lidPairs: [{ lid: ben.lid, pn: ada.pn }] }),
    live({ messages: [m({ chatJid: ben.lid, sender: ben.lid, id: 'X1', timestamp: t + 40 })] }),
    live({ lidPairs: [{ lid: ben.lid, pn: ben.pn }] }),
    history({
      messages: [m({ chatJid: ada.lid, sender: ada.lid, id: 'L9', timestamp: t - 500 })],
      chats: [{ jid: ada.lid, unreadCount: 1, lastMessageAt: t }],
    }),
  ],
  'repeats-fill-and-never-blank': [
    live({ messages: [m({ id: 'F1', content: '', type: 'unsupported', sender: null, raw: null, timestamp: t + 50 })] }),
    live({
      messages: [
        m({
          id: 'F1',
          content: 'text',
          timestamp: t + 60,
          title: 'title',
          quotedId: 'Q',
          details: { quoted: { id: 'Q' } },
        }),
      ],
    }),
    live({ messages: [m({ id: 'F1', content: 'other', timestamp: t + 40, title: null, filename: 'file' })] }),
    live({ messages: [m({ id: 'F2', fromMe: true, sender: me.jid, status: 'server' })] }),
    live({ changes: [change({ messageId: 'F2', kind: 'receipt', value: 'read', at: (t + 99) * 1000 })] }),
    live({ changes: [change({ messageId: 'F2', kind: 'receipt', value: 'delivered', at: (t + 100) * 1000 })] }),
    live({
      messages: [
        m({ id: 'F3', type: 'revoked', content: '', raw: null }),
        m({ id: 'F4', type: 'image', content: 'cap', details: { media: { mime_type: 'image/jpeg' } } }),
      ],
    }),
    live({ messages: [m({ id: 'F3', content: 'was here', filename: 'x' })] }),
    live({ messages: [m({ id: 'F5', content: '', timestamp: t + 5 })] }),
    live({ messages: [m({ id: 'F5', content: 'filled later', timestamp: t + 95 })] }),
    live({ messages: [m({ id: 'F4', type: 'revoked', content: '', raw: null, details: null })] }),
  ],
  'another-author-under-a-taken-id': [
    live({ messages: [m({ chatJid: group, sender: eve.pn, id: 'C1', content: 'first' })] }),
    live({ messages: [m({ chatJid: group, sender: ben.lid, id: 'C1', content: 'second', timestamp: t + 70 })] }),
    live({ messages: [m({ chatJid: group, sender: ben.lid, id: 'C1', content: 'second', timestamp: t + 70 })] }),
    live({ messages: [m({ chatJid: group, sender: eve.lid, id: 'C1', content: 'first again', timestamp: t + 5 })] }),
    live({ lidPairs: [eve] }),
    live({ messages: [m({ chatJid: group, sender: eve.lid, id: 'C1', content: 'first again', timestamp: t + 3 })] }),
  ],
  'only-the-author-changes-a-message': [
    live({ messages: [m({ id: 'E1' }), m({ chatJid: group, sender: eve.pn, id: 'E2' })] }),
    live({
      changes: [
        change({ messageId: 'E1', actor: ben.pn, value: 'forged' }),
        change({ messageId: 'E1', actor: ada.pn, value: 'edited', at: (t + 80) * 1000 + 1 }),
        change({ messageId: 'E1', actor: ada.pn, value: 'older edit', at: (t + 79) * 1000 }),
      ],
    }),
    live({
      changes: [
        change({ chatJid: group, messageId: 'E2', kind: 'revoke', actor: ben.pn, value: '', at: (t + 81) * 1000 }),
      ],
    }),
    live({ changes: [change({ messageId: 'E1', kind: 'revoke', actor: ben.pn, value: '', at: (t + 82) * 1000 })] }),
    live({
      changes: [
        change({ chatJid: group, messageId: 'LATER', kind: 'edit', actor: eve.lid, value: 'edited before it came' }),
        change({ chatJid: group, messageId: 'LATER', kind: 'reaction', actor: ada.pn, value: '👍' }),
        change({ chatJid: group, messageId: 'LATER', kind: 'star', actor: ada.pn, value: '1' }),
      ],
    }),
    live({ messages: [m({ chatJid: group, sender: eve.pn, id: 'LATER' })] }),
    live({ lidPairs: [eve], changes: [change({ messageId: 'E1', kind: 'vote', value: '["a","b"]' })] }),
    live({ messages: [m({ chatJid: group, sender: eve.pn, id: 'LATER' })] }),
  ],
  'unread-and-reading': [
    history({
      chats: [
        { jid: ada.pn, unreadCount: 3, lastMessageAt: t - 100 },
        {
          jid: group,
          kind: 'community',
          name: 'Team',
          parentJid: '120363000000000009@g.us',
          mutedUntil: t,
          ephemeralSeconds: 86400,
        },
      ],
      messages: [m({ id: 'H1', timestamp: t - 100 })],
    }),
    live({ messages: [m({ id: 'U1', timestamp: t + 100 })] }),
    live({
      messages: [m({ id: 'U2', timestamp: t + 110 }), m({ id: 'U3', timestamp: t + 90, fromMe: true, sender: me.jid })],
    }),
    live({
      changes: [change({ messageId: 'U1', kind: 'receipt', actor: me.jid, value: 'read', at: (t + 120) * 1000 })],
    }),
    live({ settings: [{ jid: ada.pn, readUpto: t + 105 }] }),
    live({ settings: [{ jid: ada.pn, unreadCount: 1, unreadAt: t + 200 }] }),
    live({ settings: [{ jid: ada.lid, archived: true, lid: ada.lid, pn: ada.pn }] }),
  ],
  'settings-and-members-wait-for-their-chat': [
    live({
      settings: [{ jid: group, name: 'Early', archived: true }],
      members: [
        { chatJid: group, member: eve.lid, role: 'admin', at: t * 1000 },
        { chatJid: group, member: ben.lid, role: 'member', at: t * 1000 },
      ],
    }),
    live({ settings: [{ jid: group, name: 'Later' }] }),
    live({ settings: [{ jid: ben.pn, mutedUntil: t + 5 }] }),
    live({ messages: [m({ chatJid: group, sender: eve.lid, id: 'G1' })] }),
    live({
      members: [
        { chatJid: group, member: eve.lid, role: 'member', at: t * 1000 - 1 },
        { chatJid: group, member: ben.lid, role: 'left', at: t * 1000 + 1 },
      ],
      settings: [{ jid: group, membersAt: t * 1000 + 5 }],
    }),
    live({ messages: [m({ chatJid: ben.pn, sender: ben.pn, id: 'B1' })] }),
  ],
  'a-community-before-its-groups': [
    live({
      chats: [{ jid: '120363000000000009@g.us', kind: 'community', name: 'Street', membersAt: t * 1000 }],
      settings: [{ jid: group, name: 'Garden', parentJid: '120363000000000009@g.us' }],
      members: [{ chatJid: '120363000000000009@g.us', member: eve.lid, role: 'superadmin', at: t * 1000 }],
      lidPairs: [eve],
    }),
    live({ chats: [{ jid: '120363000000000009@g.us', kind: 'community', name: 'New Street' }] }),
    live({ messages: [m({ chatJid: group, sender: eve.lid, id: 'G1' })] }),
    live({ settings: [{ jid: group, name: 'Gardens' }] }),
  ],
  'deleted-on-the-phone': [
    live({ messages: [m({ id: 'D1', timestamp: t + 10 }), m({ id: 'D2', timestamp: t + 11 })] }),
    live({
      deletions: [
        { chatJid: ada.pn, messageId: 'D1', at: (t + 50) * 1000 + 7 },
        { chatJid: ada.lid, messageId: 'D3', at: (t + 51) * 1000 },
      ],
    }),
    live({ messages: [m({ id: 'D3', timestamp: t + 12 })] }),
    live({
      messages: [m({ chatJid: ada.lid, sender: ada.lid, id: 'D4', timestamp: t + 13 })],
      deletions: [{ chatJid: ada.pn, messageId: 'D4', at: (t + 52) * 1000 }],
    }),
    live({ lidPairs: [ada] }),
    live({
      settings: [{ jid: ada.lid, clearedAt: t + 60, readUpto: t + 11 }],
      deletions: [{ chatJid: ada.pn, messageId: 'D1', at: (t + 99) * 1000 }],
    }),
    live({
      settings: [{ jid: ada.pn, clearedAt: t + 30 }],
      deletions: [{ chatJid: ada.pn, messageId: 'LATE', at: (t + 70) * 1000 }],
    }),
    live({ messages: [m({ id: 'LATE', timestamp: t + 80 }), m({ id: 'D1', timestamp: t + 9 })] }),
  ],
  'an-edited-copy-under-the-other-address': [
    live({ messages: [m({ id: 'T1', type: 'unsupported', content: '', title: null })] }),
    live({ messages: [m({ chatJid: ada.lid, sender: ada.lid, id: 'T1', content: 'first', title: 'kept' })] }),
    live({ changes: [change({ chatJid: ada.lid, messageId: 'T1', actor: ada.lid, value: 'second' })] }),
    live({ lidPairs: [ada] }),
    live({ messages: [m({ chatJid: group, sender: eve.pn, id: 'C1', type: 'unsupported', content: '' })] }),
    live({
      messages: [m({ chatJid: group, sender: eve.lid, id: 'C1', content: 'from a conflict', timestamp: t + 9 })],
    }),
    live({ changes: [change({ chatJid: group, messageId: 'C1', actor: eve.pn, value: 'edited' })] }),
    live({ lidPairs: [eve] }),
  ],
  'what-was-taken-back-still-learns': [
    live({ messages: [m({ id: 'R1', fromMe: true, sender: me.jid }), m({ id: 'R2' })] }),
    live({
      changes: ['R1', 'R2'].map((messageId) =>
        change({ messageId, kind: 'revoke', value: '', actor: messageId === 'R1' ? me.jid : ada.pn }),
      ),
    }),
    live({
      messages: [
        m({ id: 'R1', fromMe: true, sender: me.jid, status: 'server', quotedId: 'Q' }),
        m({ id: 'R2', expiresAt: t + 99, filename: 'gone', content: 'gone' }),
      ],
    }),
  ],
  'kinds-of-chat-and-bad-rows': [
    live({
      messages: [
        m({ chatJid: '120363000000000008@newsletter', sender: null, id: 'N1' }),
        m({ chatJid: '1600000000@broadcast', sender: me.jid, fromMe: true, id: 'BC1' }),
        m({
          id: 'OK',
          details: { link: { url: 'https://a.example/?x=1&y=<é>' }, mentions: [ben.lid] },
          expiresAt: t + 9,
          forwarded: true,
          viewOnce: true,
          starred: true,
        }),
        m({ id: 'BAD', timestamp: 0 }),
        m({ chatJid: 'nonsense', id: 'NO' }),
      ],
    }),
    live({
      changes: [
        change({ chatJid: 'nonsense', messageId: 'NO' }),
        change({ messageId: 'OK', kind: 'star', value: '0', actor: me.jid }),
      ],
    }),
    live({
      messages: [m({ chatJid: '15550100001:7@s.whatsapp.net', sender: '15550100001:7@s.whatsapp.net', id: 'DEV' })],
    }),
  ],
};
