import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import type { Bridge, KeyValueStore } from '../../../../bridges/bridge.ts';
import { dataPaths } from '../../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { editOf, revocationOf } from '../../../../src/simulator/traffic/live.ts';
import { openAuth } from '../../../../src/store/auth.ts';
import { both, group, lidOnly, tinyPlan, tinyWorld } from '../../../simulator/tiny-world.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

const pn = both.pn ?? '';
const lid = both.lid ?? '';

let simulator: Simulator;
let folder: { path: string; remove(): void };
const bridges: Bridge[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
  folder = temporaryFolder();
  seedCredentials(folder.path, simulator.credentials());
});
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
  await simulator.stop();
  folder.remove();
});

function open(overrides: Parameters<typeof rigOn>[2] = {}): Rig {
  const rig = rigOn(folder.path, simulator, overrides);
  bridges.push(rig.bridge);
  return rig;
}

async function ready(overrides: Parameters<typeof rigOn>[2] = {}): Promise<Rig> {
  const rig = open(overrides);
  await rig.bridge.connect();
  await rig.sink.complete();
  await rig.bridge.waitFor(['ready'], 10_000);
  await simulator.idle();
  return rig;
}

const pendingIds = (rig: Rig): (string | null)[] => {
  const keys = rig.keys();
  const ids = keys.journalPending().map((entry) => entry.stanzaId);
  keys.close();
  return ids;
};

describe('live messages', () => {
  test('of contacts, groups and the own phone arrive with their authors, and leave nothing in the journal', async () => {
    const rig = await ready();
    const { sink } = rig;
    const ids = [
      await simulator.sendText('by number', { from: pn }),
      await simulator.sendText('by LID', { from: lidOnly.lid ?? '' }),
      await simulator.sendText('to the group', { from: lid, chat: group }),
      await simulator.sendText('from my phone', { from: simulator.world.me.pn, chat: pn }),
    ];
    await sink.until(() => ids.every((id) => sink.find(id)));
    const rows = ids.map((id) => sink.find(id));
    expect(rows.map((row) => [row?.chatJid, row?.sender, row?.fromMe, row?.content])).toEqual([
      [pn, pn, false, 'by number'],
      [lidOnly.lid, lidOnly.lid, false, 'by LID'],
      [group, lid, false, 'to the group'],
      [pn, simulator.world.me.pn, true, 'from my phone'],
    ]);
    expect(sink.batches.at(-1)?.lane).toBe('live');
    expect(sink.pairs.get(lid)).toEqual({ lid, pn });
    expect(sink.contacts.get(pn)).toMatchObject({ pushName: both.pushName });
    expect(pendingIds(rig)).toEqual([]);
  });

  test('that are edited, taken back or reacted to are rows with changes', async () => {
    const { sink } = await ready();
    const id = await simulator.sendText('helo', { from: pn });
    await simulator.send({ from: pn, message: editOf(pn, id, 'hello') });
    const key = { remoteJid: pn, fromMe: false, id };
    await simulator.send({
      from: pn,
      message: { reactionMessage: { key, text: '👍', senderTimestampMs: 1_770_000_000_000 } },
    });
    await simulator.send({ from: pn, message: revocationOf(pn, id) });
    await sink.until(() => sink.changes.some((change) => change.kind === 'revoke'));
    expect(sink.find(id)).toMatchObject({ content: 'helo', type: 'text' });
    expect(
      sink.changes.map(({ chatJid, messageId, kind, actor, value }) => [chatJid, messageId, kind, actor, value]),
    ).toEqual([
      [pn, id, 'edit', pn, 'hello'],
      [pn, id, 'reaction', pn, '👍'],
      [pn, id, 'revoke', pn, ''],
    ]);
    expect(sink.changes.find((change) => change.kind === 'reaction')?.at).toBe(1_770_000_000_000);
  });

  test('that arrived damaged are asked for again and come', async () => {
    const { sink } = await ready();
    simulator.fail.damage();
    const id = await simulator.sendText('second try', { from: pn });
    await sink.until(() => sink.find(id) !== undefined);
    expect(sink.find(id)?.content).toBe('second try');
  });
});

describe('delivered again', () => {
  test('a message whose receipt got lost is answered from the journal, without asking for a resend', async () => {
    const { sink } = await ready();
    const resent: string[] = [];
    simulator.on('resent', ({ id }) => resent.push(id));
    for (const message of [{ from: pn }, { from: pn }, { from: lid, chat: group }, { from: lid, chat: group }]) {
      simulator.fail.drop('receipt');
      const again = simulator.next('active');
      const id = await simulator.sendText('once', message);
      expect((await again).redelivered).toBe(1);
      await simulator.idle();
      expect(sink.find(id)?.content).toBe('once');
    }
    expect(resent).toEqual([]);
    expect(
      sink.batches.flatMap((batch) => batch.messages ?? []).filter((row) => row.content === 'once').length,
    ).toBeGreaterThan(4);
  });
});

test('a message that is delivered again together with its edit keeps its own words and time', async () => {
  const { sink } = await ready();
  const timestamp = 1_770_000_000;
  simulator.fail.drop('receipt');
  const gone = simulator.next('disconnected');
  const id = await simulator.sendText('helo', { from: pn, timestamp });
  const rows = () => sink.batches.flatMap((batch) => batch.messages ?? []).filter((row) => row.id === id);
  await gone;
  await sink.until(() => rows().length === 1);
  await simulator.send({ from: pn, timestamp: timestamp + 60, message: editOf(pn, id, 'hello') });
  await sink.until(() => rows().length > 1 && sink.changes.some(({ kind }) => kind === 'edit'));
  await simulator.idle();
  expect(new Set(rows().map((row) => `${row.content} ${row.timestamp}`))).toEqual(new Set([`helo ${timestamp}`]));
});

describe('a store that fails', () => {
  test('lets no receipt out while keys cannot be kept, and the message comes again', async () => {
    let broken = false;
    const failing = (): KeyValueStore => {
      const keys = openAuth(dataPaths(folder.path).auth);
      return {
        ...keys,
        set(rows, journal) {
          if (broken && journal?.length) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
          keys.set(rows, journal);
        },
      };
    };
    const { sink, bridge } = await ready({ openKeys: failing });
    const acked: string[] = [];
    simulator.on('acked', ({ id }) => acked.push(id));
    broken = true;
    const closed = simulator.next('disconnected');
    const id = await simulator.sendText('not lost', { from: pn });
    await closed;
    expect(acked).not.toContain(id);
    expect(sink.find(id)).toBeUndefined();
    broken = false;
    await simulator.next('acked', (ack) => ack.id === id && ack.error === undefined);
    await sink.until(() => sink.find(id) !== undefined);
    expect((await bridge.waitFor(['ready'], 5_000)).state).toBe('ready');
  });

  test('does not lose what was acknowledged before staging refused it', async () => {
    const rig = await ready();
    const { sink, bridge } = rig;
    sink.refuse = (batch) => {
      if (batch.messages?.length) throw new Error('disk full');
    };
    const id = await simulator.sendText('acknowledged', { from: pn });
    await simulator.idle();
    await simulator.next('disconnected');
    expect(sink.find(id)).toBeUndefined();
    expect(pendingIds(rig)).toEqual([id]);
    sink.refuse = undefined;
    await sink.until(() => sink.find(id) !== undefined);
    expect(sink.find(id)).toMatchObject({ content: 'acknowledged', chatJid: pn, sender: pn });
    await bridge.waitFor(['ready'], 5_000);
    expect(pendingIds(rig)).toEqual([]);
    expect(rig.logged.join('\n')).not.toContain('acknowledged');
  });

  test('does not lose a history notification that could not be recorded', async () => {
    const rig = open();
    const { sink } = rig;
    let refused = 0;
    sink.refuse = (batch) => {
      if (batch.lane === 'history' && refused++ < 2) throw new Error('disk full');
    };
    await rig.bridge.connect();
    await sink.complete();
    expect(refused).toBeGreaterThan(2);
    expect(sink.messages.size).toBe(simulator.world.figures.messages);
  });
});

describe('history', () => {
  test('a blob that is missing at first is downloaded again', async () => {
    simulator.fail.media(2);
    const { sink } = await ready();
    expect([...sink.chunks.values()].every((chunk) => chunk.stored && chunk.attempts === 0)).toBe(true);
    expect(sink.messages.size).toBe(simulator.world.figures.messages);
  });

  test.each(['stalls', 'breaks off'])('a blob that %s half way is downloaded again', async (how) => {
    if (how === 'stalls') simulator.fail.stall();
    else simulator.fail.drop('media_get');
    const half = simulator.next('media_half');
    const { sink } = await ready({ downloadIdleMs: 200 });
    await half;
    expect(sink.messages.size).toBe(simulator.world.figures.messages);
  });

  test('a blob that stays missing is reported, and fetched when the history is asked for again', async () => {
    simulator.fail.media(3);
    const { bridge, sink } = open();
    await bridge.connect();
    await sink.until(() => [...sink.chunks.values()].some((chunk) => chunk.error !== null));
    const failed = [...sink.chunks.values()].filter((chunk) => chunk.error !== null);
    expect(failed.map((chunk) => [chunk.syncType, chunk.error])).toEqual([['full', 'download failed with status 404']]);
    await sink.until(() => sink.pendingChunks().length === 1);
    const asked = await bridge.handlers['history.full']?.({});
    expect(asked).toMatchObject({ pending_chunks: 1 });
    await sink.until(() => sink.pendingChunks().length === 0);
    expect(sink.messages.size).toBe(simulator.world.figures.messages);
  });

  test('sent a second time adds nothing', async () => {
    const { sink } = await ready();
    const before = new Map(sink.messages);
    const chunks = sink.chunks.size;
    await simulator.sendHistory();
    await sink.until(() => sink.chunks.size === 2 * chunks && sink.pendingChunks().length === 0);
    expect(sink.messages).toEqual(before);
  });

  test('reads address book and settings once, so that a later login does not do it again', async () => {
    const rig = await ready();
    const asked = () => simulator.counters().iq['w:sync:app:state/set/sync'] ?? 0;
    await expect.poll(asked).toBe(1);
    const again = simulator.next('active');
    simulator.fail.stream(428);
    await again;
    await rig.bridge.waitFor(['ready'], 5_000);
    const id = await simulator.sendText('later', { from: pn });
    await rig.sink.until(() => rig.sink.find(id) !== undefined);
    expect(asked()).toBe(1);
    expect(pendingIds(rig)).toEqual([]);
  });
});
