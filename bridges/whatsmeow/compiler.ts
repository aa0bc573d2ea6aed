import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';

/**
 * Begins with the first line of its input, and kills its process group, the compilers included, when the input ends: a
 * server that is killed cannot end them itself.
 */
const guard = `exec 3<&0 </dev/null
read -r begin <&3 || exit 1
"$@" 3<&- &
work=$!
(read -r end <&3; kill -KILL 0) &
watch=$!
exec 3<&-
wait "$work"
code=$?
kill -KILL "$watch"
exit "$code"`;

const hasGuard = process.platform !== 'win32';
/** More than a compiler says of one fault. */
const maxSaid = 1_000_000;

export interface CompilerOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/**
 * Runs a compiler with low priority; it ends with this process, however that ends (on Windows only with the signal).
 * Rejects with an error whose `stderr` is what it said, and with the reason of the signal once all of it has ended.
 */
export async function runCompiler(command: string, args: readonly string[], options: CompilerOptions): Promise<void> {
  const { signal, ...rest } = options;
  signal?.throwIfAborted();
  const child = started(command, args, rest);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < maxSaid) stderr += text;
  });
  child.stdin?.on('error', () => {}); // it may be gone before its input is
  const end = (): void => void (hasGuard ? child.stdin?.destroy() : child.kill());
  signal?.addEventListener('abort', end, { once: true });
  try {
    const ended = once(child, 'close');
    lower(child.pid);
    child.stdin?.write('\n');
    const [code, killed] = await ended;
    signal?.throwIfAborted();
    if (code !== 0)
      throw Object.assign(new Error(`${command} ended with ${killed ?? `exit code ${code}`}`), { stderr });
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

function started(command: string, args: readonly string[], options: Omit<CompilerOptions, 'signal'>): ChildProcess {
  if (!hasGuard) return spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
  const stdio = ['pipe', 'ignore', 'pipe'] as const;
  return spawn('/bin/sh', ['-c', guard, 'sh', command, ...args], { ...options, stdio: [...stdio], detached: true });
}

/** What the child starts later has its priority. */
function lower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // it has ended already, or this system forbids it: it builds all the same
  }
}
