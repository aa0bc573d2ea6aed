import { expect, test } from 'vitest';
import '../../../src/stdout.ts';
import { bridgeKillStorm } from '../../support/storm/bridge-run.ts';
import { describeWaBridge } from '../../support/wire/wa-bridge.ts';

const traffic = { seed: 20261123, messages: 300, partRows: 100, livePerKill: 8, livePerSecond: 10 };

describeWaBridge('Both bridges on one account, killed in turn', () => {
  test('read on, recover by themselves, and have every row once', async () => {
    const kills = { bridgeKills: 3, serverKills: 2, watchdogKills: 1 };
    const { bridge, server, reads, rows, liveMessages, wrong } = await bridgeKillStorm({ ...traffic, ...kills });
    expect(wrong).toEqual([]);
    expect(bridge.kills).toBe(3);
    expect(server).toMatchObject({ kills: 2, livedOn: 1, endedWithIt: 1, startedAgain: 1, orphans: 0 });
    expect(reads.servedBy).toMatchObject({ baileys: expect.any(Number), whatsmeow: expect.any(Number) });
    expect([rows, liveMessages]).toEqual([930, 48]); // 300 from history, 6 parts of it, five in eight of the live ones
  }, 600_000);
});
