import * as library from '@whiskeysockets/baileys';
import { proto, writeRandomPadMax16 } from '@whiskeysockets/baileys';
import { beforeEach, expect, test } from 'vitest';
import { newCredentials } from '../../../../bridges/baileys/library/credentials.ts';
import { libraryLogger } from '../../../../bridges/baileys/library/logger.ts';
import { hashOf } from '../../../../bridges/baileys/receive/journal.ts';
import { createReplay, type Replay } from '../../../../bridges/baileys/receive/replay.ts';
import { sourceOf } from '../../../../bridges/baileys/translate/key.ts';
import { quietLog } from '../../../support/fakes/quiet-log.ts';
import { type MemoryKeys, memoryKeys } from '../rig/memory-keys.ts';
import { friend, group, me } from '../translate/wire-message.ts';

const other = '15550100002@s.whatsapp.net';
let keys: MemoryKeys;
let replay: Replay;

beforeEach(() => {
  keys = memoryKeys();
  const creds = { ...newCredentials(library, true), me: { id: me.pn, lid: me.lid ?? '', name: 'x' } };
  replay = createReplay(library, keys, creds, libraryLogger(quietLog().log));
});

/** Writes a journal entry for one stanza, including its ciphertext. */
function journalled(text: string, attrs: Record<string, string>): void {
  const hash = hashOf(Buffer.from(text));
  const content = [{ tag: 'enc', attrs: { type: 'msg', v: '2' }, content: Buffer.from(hash, 'hex') }];
  const node = { tag: 'message', attrs: { id: 'SAME', t: '1767323045', ...attrs }, content };
  const plain = writeRandomPadMax16(proto.Message.encode({ conversation: text }).finish());
  const { key } = library.decodeMessageNode(node, me.pn, me.lid ?? '').fullMessage;
  const entry = { hash, plain, stanza: library.encodeBinaryNode(node), stanzaId: 'SAME', source: sourceOf(key) };
  keys.set([], [entry]);
}

const textsOf = async () => (await replay.pending()).map(({ message }) => message?.conversation);

test('two contacts that chose the same id are two messages', async () => {
  journalled('first', { from: friend });
  journalled('second', { from: other });
  expect(await textsOf()).toEqual(['first', 'second']);
});

test('what one of them wrote is stored, and the other is still pending', async () => {
  journalled('first', { from: friend });
  journalled('second', { from: other });
  const [first] = await replay.pending();
  keys.journalDone([{ id: 'SAME', source: sourceOf(first?.key ?? {}) }]);
  expect(await textsOf()).toEqual(['second']);
});

test('two members of a group that chose the same id are two messages', async () => {
  journalled('first', { from: group, participant: '20000000000001@lid' });
  journalled('second', { from: group, participant: '20000000000003@lid' });
  expect(await textsOf()).toEqual(['first', 'second']);
});

test('the original is that of the chat, and of the sender where that is known', async () => {
  journalled('direct', { from: friend });
  journalled('first', { from: group, participant: '20000000000001@lid' });
  journalled('second', { from: group, participant: '20000000000003@lid' });
  const original = async (key: proto.IMessageKey) => (await replay.original(key))?.message?.conversation;
  expect(await original({ id: 'SAME', remoteJid: friend })).toBe('direct');
  expect(await original({ id: 'SAME', remoteJid: group, participant: '20000000000003@lid' })).toBe('second');
  expect(await original({ id: 'SAME', remoteJid: group, participant: other })).toBe('first');
  expect(await original({ id: 'SAME', remoteJid: other })).toBeUndefined();
});
