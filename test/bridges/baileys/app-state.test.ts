import * as library from '@whiskeysockets/baileys';
import { beforeEach, expect, test } from 'vitest';
import { syncAppState } from '../../../bridges/baileys/app-state.ts';
import { newCredentials } from '../../../bridges/baileys/credentials.ts';
import type { AuthenticationCreds, Socket } from '../../../bridges/baileys/library.ts';

let asked: unknown[][];
let emitted: Partial<AuthenticationCreds>[];
let warnings: string[];
let refuses = false;
let creds: AuthenticationCreds;

beforeEach(() => {
  asked = [];
  emitted = [];
  warnings = [];
  refuses = false;
  creds = { ...newCredentials(library, true), myAppStateKeyId: 'AQI=' };
});

const socket = {
  async resyncAppState(...args: unknown[]) {
    asked.push(args);
    if (refuses) throw new Error('timed out');
  },
  ev: {
    emit(_event: string, update: Partial<AuthenticationCreds>) {
      emitted.push(update);
      Object.assign(creds, update); // as the library does
      return true;
    },
  },
} as unknown as Socket;

const log = {
  debug: () => {},
  info: () => {},
  warn: (_: object, line: string) => void warnings.push(line),
  error: () => {},
};
const sync = () => syncAppState(library, socket, creds, log);

test('all collections are read once per device, as changes and not as the library’s first sync', async () => {
  await sync();
  await sync();
  expect(asked).toEqual([[library.ALL_WA_PATCH_NAMES, false]]);
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
