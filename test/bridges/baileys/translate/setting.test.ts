import { chatModificationToAppPatch, type proto } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import type { Mutation } from '../../../../bridges/baileys/library/library.ts';
import { settingBatches } from '../../../../bridges/baileys/translate/setting.ts';
import { friend } from './wire-message.ts';

const now = 1_767_000_000_999;
const done = 1_766_500_000_123;
const last = 1_766_000_000;

type Modification = Parameters<typeof chatModificationToAppPatch>[0];

/** A decrypted setting of the phone. */
function mutation(modification: Modification, jid = friend, value: proto.ISyncActionValue = {}): Mutation {
  const { syncAction, index } = chatModificationToAppPatch(modification, jid);
  return { syncAction: { value: { ...syncAction, timestamp: done, ...value } }, index };
}

const key = { remoteJid: friend, fromMe: false, id: 'A' };
const lastMessages = [{ key, messageTimestamp: last }];
const rows = (...mutations: Mutation[]) => settingBatches(mutations, now).batches[0];

describe('a setting of the phone', () => {
  test.each([
    ['read up to the last message that the phone knew', { markRead: true, lastMessages }, { readUpto: last }],
    ['read, without a last message', { markRead: true, lastMessages: [] }, { readUpto: 1_766_500_000 }],
    ['marked as unread', { markRead: false, lastMessages }, { unreadCount: 1, unreadAt: 1_766_500_000 }],
    ['cleared', { clear: true, lastMessages }, { clearedAt: 1_766_500_000, readUpto: last }],
    ['deleted', { delete: true, lastMessages: [] }, { clearedAt: 1_766_500_000, readUpto: 1_766_500_000 }],
  ] as [string, Modification, object][])('says that a chat was %s', (_what, modification, expected) => {
    expect(rows(mutation(modification))).toEqual({ settings: [{ jid: friend, ...expected }], deletions: [] });
  });

  test('names a message that was deleted for its owner alone', () => {
    const deletion = mutation({ deleteForMe: { key, timestamp: last, deleteMedia: false } });
    expect(rows(deletion)).toEqual({
      settings: [],
      deletions: [{ chatJid: friend, messageId: 'A', at: done }],
    });
  });

  test('that carries no time was made when it arrived', () => {
    const read = mutation({ markRead: true, lastMessages: [] }, friend, { timestamp: null });
    expect(rows(read)?.settings).toEqual([{ jid: friend, readUpto: 1_767_000_000 }]);
  });

  test('of another kind is left to the library, one about no chat says nothing', () => {
    const others = [mutation({ pin: true }), mutation({ mute: null }), mutation({ archive: true, lastMessages })];
    const read = { markRead: true, lastMessages } as const;
    const nowhere = [mutation(read, 'status@broadcast'), mutation(read, 'nowhere')];
    expect(settingBatches([...others, ...nowhere], now)).toEqual({ batches: [], others });
  });

  test('comes in batches of a size that the store takes at once, none left out', () => {
    const many = Array.from({ length: 1200 }, () => mutation({ markRead: true, lastMessages }));
    const { batches } = settingBatches(many, now);
    expect(Math.max(...batches.map(({ settings = [] }) => settings.length))).toBeLessThanOrEqual(500);
    expect(batches.flatMap(({ settings }) => settings)).toHaveLength(1200);
  });
});
