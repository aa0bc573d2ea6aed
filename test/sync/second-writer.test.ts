import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWriter } from '../../src/store/sqlite/database.ts';
import { createWriteThrottle } from '../../src/sync/write-throttle.ts';
import { messages, openBed } from './fixtures.ts';
import { bundle } from './worker-build.ts';

let writer: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  writer = await bundle('test/bench/live-writer.ts', 'live-writer');
});
afterAll(() => writer.remove());

describe('a copy beside a second process that writes messages.db', () => {
  it('copies everything, and the other process gets no error', async () => {
    const bed = openBed();
    bed.stage(messages(20_000));
    const live = spawn(process.execPath, [writer.path, bed.paths.messages], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(live.stdout, 'data');
    const result = await bed.run();
    const answer = once(live.stdout, 'data');
    live.stdin.end();
    const figures = JSON.parse(String((await answer)[0])) as { rows: number; errors: number };
    await once(live, 'exit');
    expect(result).toMatchObject({ messages_synced: 20_000, failed: 0 });
    expect(figures.errors).toBe(0);
    expect(figures.rows).toBeGreaterThan(0);
    expect(bed.rows("SELECT count(*) AS n FROM messages WHERE source = 'whatsmeow'")).toEqual([{ n: figures.rows }]);
    expect(bed.rows('PRAGMA main.integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('keeps what the other process wrote for the same message', async () => {
    const bed = openBed();
    bed.stage(messages(3));
    await bed.run();
    bed.db.exec("UPDATE messages SET content = 'from the other bridge', starred = 1, status = 'read' WHERE id = 'M0'");
    bed.stage(messages(3));
    expect(await bed.run()).toMatchObject({ messages_synced: 0, duplicates_skipped: 3 });
    expect(bed.rows("SELECT content, starred, status FROM messages WHERE id = 'M0'")).toEqual([
      { content: 'from the other bridge', starred: 1, status: 'read' },
    ]);
  });

  it('pauses with a free lock once another connection has written, and not before', async () => {
    const bed = openBed();
    const throttle = createWriteThrottle(bed.db);
    const rests = async (count: number) => {
      const begun = performance.now();
      for (let rest = 0; rest < count; rest++) await throttle.yieldLock();
      return performance.now() - begun;
    };
    bed.db.exec("INSERT INTO meta (key, value) VALUES ('mine', '1')");
    const alone = Math.min(await rests(50), await rests(50), await rests(50)); // other programs may use the processor
    const other = openWriter(bed.paths.messages);
    other.exec("INSERT INTO meta (key, value) VALUES ('theirs', '1')");
    other.close();
    const beside = await rests(50);
    expect(beside).toBeGreaterThan(90);
    expect(alone).toBeLessThan(beside / 2);
  });

  it('frees the lock at intervals for a waiting writer that it cannot detect', async () => {
    const bed = openBed();
    const throttle = createWriteThrottle(bed.db);
    let pauses = 0;
    for (let round = 0; round < 60 && pauses < 3; round++) {
      const held = performance.now();
      while (performance.now() - held < 5); // as long as a transaction
      const free = performance.now();
      await throttle.yieldLock();
      if (performance.now() - free > 1.5) pauses += 1;
    }
    expect(pauses).toBeGreaterThanOrEqual(3);
  });
});
