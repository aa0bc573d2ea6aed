import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { proto } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operations } from '../../../bridges/operations/catalog.ts';
import { maxInPage } from '../../../bridges/operations/history.ts';
import { dataPaths } from '../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import { endAll, sharing } from '../../support/at-end.ts';
import { until } from '../../support/poll.ts';
import { describeWaBridge, type StartedWaBridge, startWaBridge } from '../../support/wire/wa-bridge.ts';
import { linkWaBridge } from '../../support/wire/wa-bridge-link.ts';

/** Older messages of this chat on the simulated phone, besides edits, votes and similar. */
const olderMessages = 400;
const chat_jid = '1234567890@s.whatsapp.net';

let simulator: Simulator;
let dataDir: string;
let bridge: StartedWaBridge;

const begin = () => sharing(() => startWaBridge({ dataDir, simulatorUrl: simulator.url }));

function stored() {
  const store = openReader(dataPaths(dataDir));
  const { total_messages } = store.messages.statistics(chat_jid);
  const checkpoint = store.checkpoints.list(500).items.find((one) => one.chat_jid === chat_jid);
  store.close();
  return { total_messages, checkpoint };
}

describeWaBridge('wa-bridge asks the phone for older messages of a chat', () => {
  beforeAll(async () => {
    simulator = await startSimulator({ messages: 200, strict: true });
    dataDir = mkdtempSync(join(tmpdir(), 'whatsapp-go-page-'));
    bridge = await begin();
    await linkWaBridge(bridge, simulator);
    await until(async () => (await bridge.status())['state'] === 'ready' && stored().total_messages > 0);
  });

  afterAll(async () => {
    await endAll();
    await simulator.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const page = async (more: object = {}) =>
    operations['history.page'].output.parse(await bridge.call('history.page', { chat_jid, count: maxInPage, ...more }));
  const business = () => simulator.world.chats.find(({ jid }) => jid === chat_jid);
  const idsOf = (rows: Iterable<proto.IWebMessageInfo> = []) => [...rows].map(({ key }) => key?.id);

  test('page by page until there is nothing older, killed half way, each message once', async () => {
    const { total_messages: first, checkpoint: before } = stored();
    const older = idsOf(business()?.olderMessages?.());
    let found = 0;
    for (let pages = 1; ; pages++) {
      const { messages_fetched, messages_stored, status } = await page();
      expect(messages_stored).toBe(messages_fetched);
      found += messages_stored;
      const messages_synced = (before?.messages_synced ?? 0) + found;
      expect(stored()).toMatchObject({ total_messages: first + found, checkpoint: { status, messages_synced } });
      if (status === 'exhausted') break;
      expect(pages).toBeLessThanOrEqual(older.length / maxInPage);
      if (pages === 3) {
        // Killed during a request: messages that were not stored are requested again.
        await Promise.all([page().catch(() => {}), bridge.kill()]);
        bridge = await begin();
        await until(async () => (await bridge.status())['state'] === 'ready');
        found = stored().total_messages - first;
      }
    }
    expect(found).toBe(olderMessages);
    const { messages_fetched, oldest_message_id, status } = await page();
    expect([messages_fetched, oldest_message_id, status]).toEqual([0, older.at(-1), 'exhausted']);
  }, 20_000);

  test('from a message in the middle, which brings nothing new', async () => {
    const [before, ...rest] = [...(business()?.olderMessages?.() ?? [])];
    const place = {
      message_id: before?.key?.id,
      from_me: before?.key?.fromMe === true,
      timestamp: new Date(Number(before?.messageTimestamp) * 1000).toISOString(),
    };
    const answer = await page({ before: place, count: 5 });
    expect(answer).toMatchObject({
      messages_stored: 0,
      oldest_message_id: rest[4]?.key?.id,
      status: 'in_progress',
    });
  });

  test.each([
    ['a chat of which nothing is stored', { chat_jid: '15550109999@s.whatsapp.net', count: 5 }, 404, 'not_found'],
    ['too many at once', { chat_jid, count: 51 }, 400, 'invalid_input'],
    ['a place without a time', { chat_jid, count: 5, before: { message_id: 'A' } }, 400, 'invalid_input'],
    ['an unknown field of the place', { chat_jid, count: 5, before: { Message_id: 'A' } }, 400, 'invalid_input'],
  ])('refuses %s', async (_, input, status, code) => {
    const response = await bridge.fetch('/v1/history.page', { method: 'POST', body: JSON.stringify(input) });
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });
});
