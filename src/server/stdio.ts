import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Config } from '../config.ts';
import type { Clock } from '../domain/time/moment.ts';
import { createLogger, type Logger } from '../log.ts';
import { protocolOutput } from '../stdout.ts';
import { Backlog } from './backlog.ts';
import { type CallQueue, createCallQueue } from './call-queue.ts';
import type { RequestId } from './greeting.ts';
import { LineFilter, lineLimit } from './line-filter.ts';
import type { NameResolver } from './name-resolver.ts';
import { createOutput } from './output.ts';
import { failedOutcome, type Offered, type RunTool } from './run.ts';
import { createServer } from './server.ts';
import { endSignals } from './signals.ts';

/** A client that has closed its end is owed answers to what it asked just before, but not for long. */
const answerMs = 200;
/** After this the process ends whatever is still open; data is safe, because every write is a transaction. */
const backstopMs = 400;
/** What was sent is read on to here while no call is taken, so that the end behind it is seen. */
const heldBytes = 16 * 1024 * 1024;
/** So soon after a piece of the input the next one may come: pipes hold no more than 64 KB. */
const heardMs = 10;
/** With more than this waiting, what still arrives is read first: it may cancel them. */
const crowd = 100;
/** So many calls are parsed before it is their turn. */
const parsedAhead = 16;

type Shutdown = (reason: string, code?: number) => void;

export interface Served {
  config: Pick<Config, 'logLevel'>;
  offered: Offered;
  lookup: NameResolver;
  clock: Clock;
  close(): Promise<void>;
}

/** What was read from stdin before the server was loaded, and which request in it has its answer already. */
export interface Opening {
  head: Buffer;
  answered?: RequestId;
  /** Told when signals are dealt with here. */
  signalsTaken(): void;
}

const unopened: Opening = { head: Buffer.alloc(0), signalsTaken: () => {} };

/** Serves MCP on stdin and stdout until the client goes or a signal comes; then closes the app and exits with 0. */
export async function serveStdio(app: Served, { head, answered, signalsTaken }: Opening = unopened): Promise<void> {
  const log = createLogger(app.config.logLevel);
  const output = createOutput(answered);
  let heardAt = 0;
  const queue = createCallQueue({
    isHeld: output.isFull,
    isReading: () => backlog.size > crowd && performance.now() - heardAt < heardMs,
    onRoom: () => backlog.resume(),
  });
  const backlog = new Backlog({
    pass: (line) => input.pass(line),
    room: () => parsedAhead - queue.size(),
  });
  output.stream.on('drain', queue.resume);
  const server = createServer({
    catalog: app.offered.tools,
    runTool: queued(app.offered.runTool, queue),
    lookup: queuedLookup(app.lookup, queue),
    clock: app.clock,
  });
  const input = new LineFilter({ write: (line) => output.stream.write(line), ...output }, { backlog });
  const transport = new Transport(input, output.stream, { maxBufferSize: 2 * lineLimit });
  transport.onanswer = (id) => backlog.settle(id);
  server.onerror = (error) => log.debug({ err: error }, 'protocol error');

  const shutdown = begunOnce(async (reason: string, code = 0) => {
    log.debug({ reason }, 'shutting down');
    setTimeout(() => process.exit(code), backstopMs).unref();
    if (reason === 'stdin ended') await within(answerMs, allAnswered(input, backlog));
    await server.close().catch(() => {});
    await app.close().catch((error) => log.error({ err: error }, 'closing failed'));
    process.exit(code);
  });
  server.onclose = () => shutdown('transport closed');
  // What is held back ends later, or never when the client does not read; what ended before it was listened to ends here.
  process.stdin.on('end', () => shutdown('stdin ended'));
  input.on('end', () => shutdown('stdin ended'));
  output.stream.on('error', () => shutdown('stdout failed'));
  watchEnds(shutdown, log);
  signalsTaken();

  await server.connect(transport);
  input.write(head);
  process.stdin.on('data', () => {
    heardAt = performance.now();
  });
  process.stdin.pipe(new PassThrough({ readableHighWaterMark: heldBytes })).pipe(input);
}

/** Never rejects, like what it calls. */
const queued =
  (run: RunTool, queue: CallQueue): RunTool =>
  (name, args, options = {}) =>
    queue.run(() => run(name, args, options), options.signal).catch(failedOutcome);

const queuedLookup = (lookup: NameResolver, queue: CallQueue): NameResolver => ({
  complete: (subject, typed, signal) => queue.run(() => lookup.complete(subject, typed), signal),
  resolve: (subject, recipient, signal) => queue.run(() => lookup.resolve(subject, recipient), signal),
});

/** Calls `shutdown` for everything that ends a session from outside. */
function watchEnds(shutdown: Shutdown, log: Pick<Logger, 'error'>): void {
  process.stdin.on('error', () => shutdown('stdin failed')).on('close', () => shutdown('stdin closed'));
  protocolOutput.onError(() => shutdown('stdout failed'));
  for (const signal of endSignals) process.on(signal, () => shutdown(signal));
  // A library that forgot a promise is no reason to leave the client alone; an unforeseen exception is.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught exception');
    shutdown('uncaught exception', 1);
  });
}

function begunOnce(work: (reason: string, code?: number) => Promise<void>): Shutdown {
  let begun = false;
  return (reason, code) => {
    if (begun) return;
    begun = true;
    void work(reason, code);
  };
}

/** Resolves when every line was read and all that they ask is answered; maybe never. */
async function allAnswered(input: Readable, backlog: Backlog): Promise<void> {
  if (!input.readableEnded) await once(input, 'end');
  await new Promise<void>((resolve) => backlog.onceAnswered(resolve));
}

/** Waits for the work, but no longer than this. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
  await turn(); // the answers are written in the turn after the calls
}

/** Tells of every answer that goes out. */
class Transport extends StdioServerTransport {
  onanswer = (_id: RequestId) => {};

  override send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message) && message.id !== undefined) this.onanswer(message.id);
    return super.send(message);
  }
}
