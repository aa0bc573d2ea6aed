import { PassThrough } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Config } from '../config.ts';
import { createLogger, type Logger } from '../log.ts';
import { protocolOutput } from '../stdout.ts';
import { type CallQueue, createCallQueue } from './call-queue.ts';
import type { RequestId } from './greeting.ts';
import { LineFilter, lineLimit } from './line-filter.ts';
import type { NameResolver } from './name-resolver.ts';
import { createOutput } from './output.ts';
import { failedOutcome, type Offered, type RunTool } from './run.ts';
import { createServer } from './server.ts';
import { endSignals } from './signals.ts';

/** A client that has closed its end is owed answers to what it asked just before, but not for long. */
const answerMs = 100;
/** After this the process ends whatever is still open; data is safe, because every write is a transaction. */
const backstopMs = 400;
/** What was sent is read on to here while no call is taken, so that the end behind it is seen. */
const heldBytes = 16 * 1024 * 1024;
/** So soon after a piece of the input the next one may come: pipes hold no more than 64 KB. */
const heardMs = 10;

type Shutdown = (reason: string, code?: number) => void;

export interface Served {
  config: Pick<Config, 'logLevel'>;
  offered: Offered;
  lookup: NameResolver;
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
  const calls = new Set<Promise<unknown>>();
  const output = createOutput(answered);
  let heardAt = 0;
  const isReading = () => performance.now() - heardAt < heardMs;
  const queue = createCallQueue({ isHeld: output.isFull, isReading });
  output.stream.on('drain', queue.resume);
  const server = createServer({
    catalog: app.offered.tools,
    runTool: queued(app.offered.runTool, queue, calls),
    lookup: queuedLookup(app.lookup, queue),
  });
  const input = new LineFilter({ write: (line) => output.stream.write(line), ...output });
  const transport = new StdioServerTransport(input, output.stream, { maxBufferSize: 2 * lineLimit });
  server.onerror = (error) => log.debug({ err: error }, 'protocol error');

  const shutdown = once(async (reason: string, code = 0) => {
    log.debug({ reason }, 'shutting down');
    setTimeout(() => process.exit(code), backstopMs).unref();
    if (reason === 'stdin ended') await settled(calls, answerMs);
    await server.close().catch(() => {});
    await app.close().catch((error) => log.error({ err: error }, 'closing failed'));
    process.exit(code);
  });
  server.onclose = () => shutdown('transport closed');
  input.on('end', () => shutdown('stdin ended'));
  // What is held back ends later, or never when nobody reads.
  process.stdin.on('end', () => setTimeout(() => shutdown('stdin ended'), answerMs));
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

/** Never rejects, like what it calls; `calls` has those that are not done. */
function queued(run: RunTool, queue: CallQueue, calls: Set<Promise<unknown>>): RunTool {
  return (name, args, options = {}) => {
    const running = queue
      .run(() => run(name, args, options), options.signal)
      .catch(failedOutcome)
      .finally(() => calls.delete(running));
    calls.add(running);
    return running;
  };
}

const queuedLookup = (lookup: NameResolver, queue: CallQueue): NameResolver => ({
  complete: (subject, typed, signal) => queue.run(() => lookup.complete(subject, typed), signal),
  resolve: (subject, recipient, signal) => queue.run(() => lookup.resolve(subject, recipient), signal),
});

/** Calls `shutdown` for everything that ends a session from outside. */
function watchEnds(shutdown: Shutdown, log: Pick<Logger, 'error'>): void {
  process.stdin.on('error', () => shutdown('stdin failed')).on('close', () => shutdown('stdin closed'));
  protocolOutput.onError(() => shutdown('stdout failed'));
  for (const signal of endSignals) process.on(signal, () => shutdown(signal));
  // A library that forgot a promise is no reason to leave the client alone; what nobody can have foreseen is.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught exception');
    shutdown('uncaught exception', 1);
  });
}

function once(work: (reason: string, code?: number) => Promise<void>): Shutdown {
  let begun = false;
  return (reason, code) => {
    if (begun) return;
    begun = true;
    void work(reason, code);
  };
}

async function settled(calls: ReadonlySet<Promise<unknown>>, ms: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([Promise.allSettled(calls), limit]);
  clearTimeout(timer);
  await new Promise((resolve) => setImmediate(resolve)); // the answers are written in the turn after the calls
}
