// This file imports nothing, so that as the first import of a program it runs before any library can print.
// stdout carries JSON-RPC and nothing else: whatever a library prints goes to stderr, and what it prints may hold keys
// (libsignal prints whole sessions), so objects are dropped and those lines with them.

const realWrite = process.stdout.write.bind(process.stdout);

/** What a library prints, without characters that steer a terminal. */
const harmless = (text: string): string => text.replace(/(?![\n\t])\p{Cc}|[\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '');

/** The only way to the real stdout: the protocol's messages, or the output of a command for people. */
export const protocolOutput = {
  /** Writes to stdout; `done` gets the error, if any. Returns false when the reader is slower than we are. */
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): boolean {
    return done ? realWrite(text, done) : realWrite(text);
  },
  /** Calls back when stdout cannot be written any more (EPIPE: the client is gone). */
  onError(listener: (error: Error) => void): void {
    process.stdout.on('error', listener);
  },
};

/** Where lines go that were printed with console.*; the log takes them over once it exists. */
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
process.stderr.on('error', () => {}); // nobody reads the log: no reason to end
