// The real server, except that it reconnects sooner, prunes its journal sooner, and reports its memory to its parent on
// request. Bundled like the program. Arguments: serve --simulator URL.
import '../../../src/stdout.ts';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { createApp } from '../../../src/app.ts';
import { fetchSimulatorDocument } from '../../../src/cli/simulated/simulator-document.ts';
import { readSettings, type Sources, toConfig } from '../../../src/config.ts';
import { createLogger } from '../../../src/log.ts';
import { serveStdio } from '../../../src/server/stdio.ts';
import { createServices } from '../../../src/services.ts';
import type { Holdings } from './endurance.ts';

const simulator = await fetchSimulatorDocument(process.argv[4] ?? '');
const config = toConfig(readSettings(process.env as Sources), simulator);
const log = createLogger(config.logLevel);
const timing = { backoffFactor: 0.001, stable: 0, journalKept: 10_000 };

/** V8 releases pages some time after it has collected their contents. */
const settleMs = 250;

/** Measured after full collections, so that only referenced memory counts. */
async function holdings(): Promise<Holdings> {
  const { gc } = globalThis as { gc?: () => void };
  for (let round = 0; round < 2; round++) {
    gc?.();
    await after(settleMs);
  }
  const { heapUsed, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const kinds = process.getActiveResourcesInfo();
  return {
    heapUsed,
    rss,
    timers: kinds.filter((kind) => kind === 'Timeout').length,
    resources: kinds.length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    files: existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0,
    cpuMs: Math.round((user + system) / 1000),
  };
}

process.on('message', async () => process.send?.(await holdings()));
process.channel?.unref();
await serveStdio(createApp(config, { log, services: createServices(config, log, { timing }) }));
