import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { AppError } from '../../src/domain/errors.ts';

/** Its exit codes after which starting it again cannot help (daemon/cmd/wa-bridge/exit.go), in words for a person. */
const fatalExits: Readonly<Record<number, string>> = {
  2: 'its settings are wrong',
  3: 'another wa-bridge works on this data directory',
  4: 'its port is taken by another program',
  5: 'one of its databases is of a version that it does not know, is damaged or cannot be used',
};
export const exitRunning = 3;

/** How long it may take to stop, ms; its own limit is a second shorter. */
const defaultEndMs = 4_000;

export interface BridgeStart {
  binary: string;
  /** Flags of wa-bridge, as its --help lists them. */
  flags: readonly string[];
  /** Receives its output line by line; the log contains no message text. */
  onLine?: (line: string) => unknown;
  /** Overrides the time that it may take to stop, ms. */
  endMs?: number;
}

/** A wa-bridge that this process started and that stops with it, even after a crash. */
export interface BridgeProcess {
  pid: number;
  url: string;
  /** Resolves with the reason when it has ended. */
  ended: Promise<BridgeEnd>;
  /** Lets it finish its work, then kills it if necessary; resolves when it is gone. */
  stop(): Promise<void>;
  /** Kills it at once; for a daemon without work to finish. */
  kill(): void;
}

/** `code` is null after a signal. `isFatal`: starting it again would end the same way. */
export interface BridgeEnd {
  code: number | null;
  isFatal: boolean;
  reason: string;
}

/** The daemon ended before it listened. */
export class BridgeNotStarted extends AppError {
  readonly end: BridgeEnd;

  constructor(end: BridgeEnd) {
    super('bridge_unavailable', `wa-bridge did not start: ${end.reason}.`);
    this.end = end;
  }
}

/** Starts the program and resolves when it listens; rejects with BridgeNotStarted. */
export async function startBridge({
  binary,
  flags,
  onLine,
  endMs = defaultEndMs,
}: BridgeStart): Promise<BridgeProcess> {
  const child = spawn(binary, [...flags, '--end-with-stdin'], { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.on('error', () => {}); // the process may end before its input closes
  const ended = endOf(child);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const found = /^wa-bridge listens on (\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
      onLine?.(line);
    });
    void ended.then((end) => reject(new BridgeNotStarted(end)));
  });
  return {
    pid: child.pid ?? 0,
    url,
    ended,
    stop: () => stop(child, ended, endMs),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Waits for `close`, not `exit`: all output has been read then. */
function endOf(child: ChildProcess): Promise<BridgeEnd> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: null, isFatal: true, reason: `the program cannot be run (${error.code ?? error.name})` }),
    );
    child.once('close', (code, signal) => {
      const fatal = code === null ? undefined : fatalExits[code];
      resolve({
        code,
        isFatal: fatal !== undefined,
        reason: fatal ?? `it ended with ${signal ?? `exit code ${code}`}`,
      });
    });
  });
}

/** Closes its input, which stops it cleanly on every system; a signal kills it on some. */
async function stop(child: ChildProcess, ended: Promise<BridgeEnd>, endMs: number): Promise<void> {
  child.stdin?.end();
  const force = setTimeout(() => child.kill('SIGKILL'), endMs);
  await ended;
  clearTimeout(force);
}
