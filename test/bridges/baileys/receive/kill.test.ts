import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import type { Bridge } from '../../../../bridges/bridge.ts';
import { dataPaths } from '../../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { openStaging } from '../../../../src/store/staging/staging.ts';
import { createIngest } from '../../../../src/sync/ingest.ts';
import { both, group, pnOnly, tinyPlan, tinyWorld } from '../../../simulator/tiny-world.ts';
import { compiled } from '../../../support/setup/compiled.ts';
import { rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

const pn = both.pn ?? '';
const lid = both.lid ?? '';

let simulator: Simulator;
let folder: { path: string; remove(): void };
const bridges: Bridge[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
  folder = temporaryFolder();
  seedCredentials(folder.path, simulator.credentials());
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
  await simulator.stop();
  folder.remove();
});

/** A process that runs the bridge until it kills itself at this point. */
function startChild(point: string): { child: ChildProcess; printed: Buffer[] } {
  const program = compiled({ file: 'test/bridges/baileys/receive/child.ts' });
  const child = spawn(process.execPath, [program, folder.path, simulator.url, point]);
  children.push(child);
  const printed: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => printed.push(bytes));
  return { child, printed };
}

const stagedTexts = (): string[] => {
  const staging = openStaging(dataPaths(folder.path).staging);
  const texts = staging.db.prepare('SELECT content FROM messages').pluck().all() as string[];
  staging.close();
  return texts;
};

/** Continues in this process with the files of a killed one. */
async function resume(): Promise<void> {
  const sink = createIngest(openStaging(dataPaths(folder.path).staging), { quietMs: 100 });
  const { bridge } = rigOn(folder.path, simulator, { sink: sink as never });
  bridges.push(bridge);
  await bridge.connect();
  await simulator.next('active');
  await simulator.idle();
}

describe('a process killed after the receipt and before its commit', () => {
  const strangers = [
    ['a contact', { from: pn }],
    ['a contact by LID', { from: pn, addressing: 'lid' }],
    ['a group', { from: lid, chat: group }],
    ['the own phone', { from: tinyWorld().me.pn, chat: pn }],
  ] as const;

  test.each(strangers)('has the message of %s at its next start, once', async (_who, message) => {
    const { child } = startChild('live');
    await simulator.next('active');
    const id = 'RECEIVEDTHENKILLED';
    const receipt = simulator.next('acked', (ack) => ack.id === id && ack.error === undefined);
    const killed = once(child, 'exit');
    await simulator.sendText('received, then killed', { ...message, id });
    expect(await killed).toEqual([null, 'SIGKILL']);
    await receipt;
    expect(stagedTexts()).not.toContain('received, then killed');
    await resume();
    expect(stagedTexts().filter((content) => content === 'received, then killed')).toHaveLength(1);
  });

  test('has the messages of two contacts that chose the same id', async () => {
    const { child } = startChild('both');
    await simulator.next('active');
    const id = 'CHOSENTWICE';
    const killed = once(child, 'exit');
    await Promise.all([
      simulator.sendText('from the first', { from: pn, id }),
      simulator.sendText('from the second', { from: pnOnly.pn ?? '', id }),
    ]);
    expect(await killed).toEqual([null, 'SIGKILL']);
    expect(stagedTexts().filter((content) => content.startsWith('from the'))).toEqual([]);
    await resume();
    const texts = () => stagedTexts().filter((content) => content.startsWith('from the'));
    await expect.poll(() => texts().sort()).toEqual(['from the first', 'from the second']);
  });

  test.each(['inline', 'blob', 'slice', 'stored'])('has the whole history although it died at %s', async (point) => {
    const { child } = startChild(point);
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    await resume();
    const expected = simulator.world.figures.messages;
    await expect.poll(() => stagedTexts().length, { timeout: 30_000 }).toBe(expected);
  });
});

test('a whole session prints nothing on stdout, session resets included', async () => {
  const { child, printed } = startChild('');
  await simulator.next('history_receipt');
  for (const message of [{ from: pn }, { from: lid, chat: group }]) await simulator.sendText('x', message);
  simulator.fail.damage(); // makes the library reset the session, which libsignal prints
  await simulator.sendText('y', { from: pn });
  await simulator.idle();
  child.stdin?.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(Buffer.concat(printed).toString()).toBe('');
});
