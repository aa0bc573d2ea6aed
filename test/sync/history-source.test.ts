import { expect, test } from 'vitest';
import { createWorkerTasks } from '../../src/sync/worker-tasks.ts';
import { announce, type Bed, me, message, messages, openBed } from './fixtures.ts';

const sourceOf = (bed: Bed) => bed.rows("SELECT value FROM meta WHERE key = 'history_source'")[0]?.['value'];

test('history_source is empty while no device is linked', async () => {
  const bed = openBed();
  await bed.run('live');
  expect(sourceOf(bed)).toBeUndefined();
});

test('history_source is Baileys while its device is linked, until the history is copied', async () => {
  const bed = openBed();
  bed.sink.onLinked(me);
  await bed.run('live');
  expect(sourceOf(bed)).toBe('baileys');
  bed.stage(messages(3), 'one');
  await bed.run('history', { isHistoryArriving: () => true });
  expect(sourceOf(bed)).toBe('baileys');
  await bed.run('history', { isHistoryArriving: () => false });
  expect(sourceOf(bed)).toBe('whatsmeow');
  await bed.run('live', { isHistoryArriving: () => false });
  expect(sourceOf(bed)).toBe('whatsmeow');
});

test('it is Baileys again when more history arrives, or another device is linked', async () => {
  const bed = openBed();
  bed.sink.onLinked(me);
  await bed.run();
  expect(sourceOf(bed)).toBe('whatsmeow');
  bed.stage([message({ id: 'late' })]);
  await bed.run('live');
  expect(sourceOf(bed)).toBe('baileys');
  await bed.run();
  announce(bed.sink, 'announced');
  await bed.run('live');
  expect(sourceOf(bed)).toBe('baileys');
  await bed.run();
  expect(sourceOf(bed)).toBe('baileys'); // the announced part is not copied yet
  bed.sink.chunkFailed('announced', 'gone');
  await bed.run();
  expect(sourceOf(bed)).toBe('whatsmeow');
  await bed.run('live', { isHistoryArriving: () => true });
  expect(sourceOf(bed)).toBe('baileys');
});

test('a stopped copy does not change it', async () => {
  const bed = openBed();
  bed.sink.onLinked(me);
  bed.stage(messages(2500), 'one');
  const controller = new AbortController();
  const stop = { signal: controller.signal, at: (point: string) => void (point === 'committed' && controller.abort()) };
  await expect(bed.run('history', stop)).rejects.toMatchObject({ code: 'cancelled' });
  expect(sourceOf(bed)).toBe('baileys');
});

test('after a logout it is wa-bridge, whatever is staged, until a device is linked again', async () => {
  let copies = 0;
  const bed = openBed({ onLive: () => copies++ });
  bed.sink.onLinked(me);
  bed.stage(messages(3), 'one');
  await bed.run('live');
  const before = copies;
  bed.sink.onUnlinked();
  expect(copies).toBe(before + 1);
  await bed.run('live');
  expect(sourceOf(bed)).toBe('whatsmeow');
  bed.sink.onLinked(me);
  await bed.run('live');
  expect(sourceOf(bed)).toBe('baileys');
});

test('history is expected from linking until it is complete', async () => {
  const bed = openBed();
  const jobs = createWorkerTasks({ paths: bed.paths, quietMs: 0 });
  const run = (lane: 'live' | 'history') =>
    jobs.transfer(lane, { signal: new AbortController().signal, progress: () => {} });
  bed.sink.onLinked(me);
  await run('history');
  expect(sourceOf(bed)).toBe('baileys');
  bed.stage(messages(3), 'one');
  expect(await run('history')).toMatchObject({ messages_synced: 3 });
  expect(sourceOf(bed)).toBe('whatsmeow');
  jobs.close();
});
