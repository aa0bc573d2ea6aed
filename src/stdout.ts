// This file imports nothing, so that as the first import of a program it runs before any library can print.
// stdout carries only JSON-RPC: text that libraries print goes to stderr. It may contain keys (libsignal prints whole
// sessions), so objects are dropped together with their lines.

const realWrite = process.stdout.write.bind(process.stdout);

/** A library's text without terminal control characters. */
const harmless = (text: string): string => text.replace(/(?![\n\t])\p{Cc}|[\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '');

/** The only access to the real stdout: the protocol's messages, or the output of a command for people. */
export const protocolOutput = {
  /** Writes to stdout; `done` gets the error, if any. Returns false when the reader is slower than the writer. */
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): boolean {
    return done ? realWrite(text, done) : realWrite(text);
  },
  /** Calls back when stdout can no longer be written (EPIPE: the client is gone). */
  onError(listener: (error: Error) => void): void {
    process.stdout.on('error', listener);
  },
};

/** The target of lines printed with console.*, until the log replaces it. */
export const consoleLines = {
  print(line: string): void {
    process.stderr.write(`${harmless(line)}\n`);
  },
};

const sessionDumps = /^(Closing|Opening|Removing old closed|Session already|Migrating) /;

function printable(value: unknown): string | undefined {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === 'object' || typeof value === 'function' ? undefined : String(value);
}

function printed(...values: unknown[]): void {
  if (typeof values[0] === 'string' && sessionDumps.test(values[0])) return;
  const line = values.map(printable).filter((part) => part !== undefined && part !== '');
  if (line.length > 0) consoleLines.print(line.join(' ').slice(0, 2000));
}

const silenced = ['dir', 'dirxml', 'table'] as const;
const redirected = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'group', 'groupCollapsed'] as const;
for (const method of redirected) globalThis.console[method] = printed;
for (const method of silenced) globalThis.console[method] = () => {};

process.stdout.write = ((chunk: string | Uint8Array, ...rest: never[]) =>
  process.stderr.write(typeof chunk === 'string' ? harmless(chunk) : chunk, ...rest)) as typeof process.stdout.write;
process.stderr.on('error', () => {}); // a closed log is no reason to end
