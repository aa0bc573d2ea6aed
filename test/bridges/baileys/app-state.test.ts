import * as library from '@whiskeysockets/baileys';
import { beforeEach, expect, test } from 'vitest';
import { syncAppState } from '../../../bridges/baileys/app-state.ts';
import { createKeyStore } from '../../../bridges/baileys/auth-state.ts';
import { newCredentials } from '../../../bridges/baileys/credentials.ts';
import type { AuthenticationCreds, Socket } from '../../../bridges/baileys/library.ts';
import type { KeyValueStore } from '../../../bridges/bridge.ts';
import { memoryKeys } from './memory-keys.ts';

let asked: unknown[][];
let emitted: Partial<AuthenticationCreds>[];
let warnings: string[];
let refuses = false;
let creds: AuthenticationCreds;
let groupsRead: number;
let socket: Socket;
let notify: (node: object) => void;
let store: KeyValueStore;
let onFlush: () => void;

beforeEach(() => {
  asked = [];
  emitted = [];
  warnings = [];
  refuses = false;
  creds = { ...newCredentials(library, true), myAppStateKeyId: 'AQI=' };
  groupsRead = 0;
  store = memoryKeys();
  onFlush = () => {};
  socket = fakeSocket();
});

const fakeSocket = () =>
  ({
    ws: {
      isOpen: true,
      on(_name: string, listener: typeof notify) {
        notify = listener;
      },
    },
    async groupFetchAllParticipating() {
      groupsRead++;
    },
    async resyncAppState(...args: unknown[]) {
      asked.push(args);
      if (refuses) throw new Error('timed out');
    },
    ev: {
      flush: () => onFlush(),
      emit(_event: string, update: Partial<AuthenticationCreds>) {
        emitted.push(update);
        Object.assign(creds, update); // as the library does
        return true;
      },
    },
  }) as unknown as Socket;

const log = {
  debug: () => {},
  info: () => {},
  warn: (_: object, line: string) => void warnings.push(line),
  error: () => {},
};
const keys = () => createKeyStore(library, store, { onLidPairs: () => {}, onFailure: () => {} });
const sync = () => syncAppState(library, socket, creds, keys(), log);
const progress = () => keys().get('app-state-sync-version', ['regular'])['regular'];

test('all collections and groups are read once per device, as changes and not as the library’s first sync', async () => {
  await sync();
  await sync();
  expect(asked).toEqual([[library.ALL_WA_PATCH_NAMES, false]]);
  expect(groupsRead).toBe(1);
  expect(emitted).toEqual([{ accountSyncCounter: 1, additionalData: { sim: true, appState: true } }]);
});

test('nothing is asked before the phone has shared its key', async () => {
  delete creds.myAppStateKeyId;
  await sync();
  expect(asked).toEqual([]);
});

test('a refusal is no failure of the connection, and the next connect tries again', async () => {
  refuses = true;
  await sync();
  expect(emitted).toEqual([]);
  expect(warnings).toEqual(['names and chat settings could not be read; it is tried again at the next connect']);
  refuses = false;
  await sync();
  expect(creds.accountSyncCounter).toBe(1);
});

const notification = (...names: string[]) => ({
  tag: 'notification',
  attrs: {},
  content: names.map((name) => ({ tag: 'collection', attrs: { name } })),
});

test('of a notification about several collections, those are read that the library leaves out', async () => {
  await sync();
  asked = [];
  notify(notification('regular_low'));
  expect(asked).toEqual([]);
  notify(notification('regular_low', 'regular_high', 'unheard_of', 'regular'));
  expect(asked).toEqual([[['regular_high', 'regular'], false]]);
});

test('a notification that cannot be followed is no failure of the connection', async () => {
  await sync();
  refuses = true;
  notify(notification('regular_low', 'regular_high'));
  await expect.poll(() => warnings).toEqual(['chat settings could not be read']);
});

test('progress of a reading that never reached the store is forgotten, so that all is read again', async () => {
  keys().set({ 'app-state-sync-version': { regular: { version: 7 } } });
  await sync();
  expect(progress()).toBeUndefined();
});

test('a later reading that did not reach the store is made up for at the next connect', async () => {
  await sync();
  keys().set({ 'app-state-sync-version': { regular: { version: 8 } } });
  await sync();
  expect(asked).toHaveLength(2);
  keys().set({ 'app-state-sync-version': { regular: { version: 9 } } });
  keys().changesStored();
  await sync();
  expect(asked).toHaveLength(2);
  expect(progress()).toEqual({ version: 9 });
});

test('what was read counts as read only when the store has taken it', async () => {
  onFlush = () => Object.assign(socket.ws, { isOpen: false });
  await sync();
  expect(emitted).toEqual([]);
});
