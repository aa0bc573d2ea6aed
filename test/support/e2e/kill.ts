import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { dataPaths } from '../../../src/config.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { liveId } from '../wire/live-script.ts';
import { type ServedClient, serve } from './client.ts';
import { countRows, hasMessage } from './database.ts';
import { link, retrieve } from './link.ts';

export function serveOn(simulator: Simulator, dataDir: string): Promise<ServedClient> {
  const env = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3' };
  return serve(['--simulator', simulator.url], env);
}

/** The whole course of a user: from pairing, where needed, to the last copied row. */
export async function setUp(server: ServedClient, simulator: Simulator): Promise<void> {
  await link(server, simulator);
  await retrieve(server);
  await server.call('sync_history_to_database', {}, () => {});
}

/** The context of a moment. */
export interface Scene {
  simulator: Simulator;
  dataDir: string;
  /** How many messages the history has. */
  messages: number;
  /** Number of the next live message. */
  live: number;
  /** A number in [0, 1) for moments without a name. */
  chance: number;
  /** Duration of the whole course, ms, when measured. */
  spanMs?: number;
  /** Aborts when the wait for the moment ends. */
  over: AbortSignal;
}

/** A named moment at which a program is killed. */
export interface Point {
  moment(scene: Scene): Promise<unknown>;
  /** Whether the files are those of a process that was killed at this moment; true by default. */
  left?(scene: Pick<Scene, 'dataDir' | 'messages'>): boolean;
}

/** Starts the program, lets it work, and kills it at the moment; false when it finished before. */
export async function killedAt(
  point: Point,
  scene: Omit<Scene, 'over'>,
  work: (server: ServedClient, over: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  const ending = new AbortController();
  const over = ending.signal;
  const come = point.moment({ ...scene, over }).then(() => true);
  const server = await serveOn(scene.simulator, scene.dataDir);
  const broken = once(over, 'abort');
  const working = Promise.race([work(server, over), broken]).catch(() => {}); // the kill interrupts it
  const hit = await Promise.race([come, working.then(() => false)]);
  server.server.child.kill('SIGKILL');
  ending.abort();
  await Promise.all([server.server.ended, working, come]);
  return hit;
}

/** Resolves as soon as the files of a data directory match, or when the wait ends. */
async function look(question: () => boolean, over: AbortSignal): Promise<void> {
  while (!over.aborted && !question()) await after(1);
}

/** Resolves with the event, or when the wait ends: a moment that does not occur must not block the test. */
const or = (event: Promise<unknown>, over: AbortSignal) => Promise.race([event, once(over, 'abort')]);

export const copied = (dataDir: string) => countRows(dataPaths(dataDir).messages, 'messages');
const staged = (dataDir: string) => countRows(dataPaths(dataDir).staging, 'messages');
const nothingCopied = ({ dataDir }: { dataDir: string }) => copied(dataDir) === 0;

export const setUpPoints: Record<string, Point> = {
  'the moment the phone has linked the device': {
    moment: ({ simulator, over }) => or(simulator.next('paired'), over),
    left: nothingCopied,
  },
  'the moment of a login': {
    moment: ({ simulator, over }) => or(simulator.next('login'), over),
  },
  'before the history receipt': {
    moment: ({ simulator, over }) => or(simulator.next('history_sent'), over),
    left: nothingCopied,
  },
  'the moment the simulator sees the receipt': {
    moment: ({ simulator, over }) => or(simulator.next('history_receipt'), over),
    left: nothingCopied,
  },
  'in the middle of a blob': {
    moment({ simulator, over }) {
      simulator.fail.stall();
      return or(simulator.next('media_half'), over);
    },
    left: ({ dataDir, messages }) => staged(dataDir) < messages,
  },
  'in the middle of the transfer': {
    moment: ({ dataDir, over }) => look(() => copied(dataDir) > 0, over),
    left: ({ dataDir, messages }) => copied(dataDir) > 0 && copied(dataDir) < messages,
  },
  'between commit and deletion': {
    moment: ({ dataDir, messages, over }) => look(() => copied(dataDir) === messages, over),
    left: ({ dataDir, messages }) => copied(dataDir) === messages && staged(dataDir) > 0,
  },
  'a random moment on the way': { moment: ({ chance, spanMs = 2800, over }) => or(after(chance * spanMs), over) },
};

/** Moments around the third live message from now. */
export const livePoints: Record<string, Point> = {
  'the moment the simulator sees the receipt of a live message': {
    moment: ({ simulator, live, over }) =>
      or(
        simulator.next('acked', ({ id }) => id === liveId(live + 2)),
        over,
      ),
  },
  'the moment it is online again': { moment: ({ simulator, over }) => or(simulator.next('active'), over) },
  'when a live message is staged': {
    moment: ({ dataDir, live, over }) => look(() => hasMessage(dataPaths(dataDir).staging, liveId(live + 2)), over),
  },
  'when a live message is copied': {
    moment: ({ dataDir, live, over }) => look(() => hasMessage(dataPaths(dataDir).messages, liveId(live + 2)), over),
  },
  'a random moment of live traffic': {
    moment: ({ simulator, chance, over }) =>
      or(
        simulator.next('active').then(() => after(chance * 400)),
        over,
      ),
  },
};
