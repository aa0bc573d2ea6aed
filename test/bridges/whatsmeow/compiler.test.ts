import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { runCompiler } from '../../../bridges/whatsmeow/compiler.ts';
import { isRunning } from '../../../src/system/process.ts';
import { atEnd } from '../../support/at-end.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { compiled } from '../../support/setup/compiled.ts';

const surroundings = () => ({ cwd: temporaryDir(), env: process.env });
const sh = (script: string) => ['-c', script];

/** A compiler that starts another process, like Go, and works until it is killed; `pids` are theirs. */
function endless() {
  const note = join(temporaryDir(), 'pids');
  const script = `sleep 1000 & echo $$ $! > '${note}.draft'; mv '${note}.draft' '${note}'; wait`;
  const pids = () => readFileSync(note, 'utf8').trim().split(' ').map(Number);
  return { script, pids, begun: () => vi.waitFor(() => expect(existsSync(note)).toBe(true), { timeout: 60_000 }) };
}

const gone = (pids: number[]) =>
  vi.waitFor(() => expect(pids.map(isRunning)).toEqual([false, false]), { timeout: 60_000 });

describe.runIf(process.platform === 'linux')('A compiler', () => {
  test('has a lower priority than we have, and gets nothing to read', async () => {
    const { cwd, env } = surroundings();
    await runCompiler('sh', sh('cat > input; nice > said'), { cwd, env });
    const own = await new Promise<number>((resolve) => {
      spawn('nice').stdout.on('data', (text) => resolve(Number(text)));
    });
    expect(Number(readFileSync(join(cwd, 'said'), 'utf8'))).toBeGreaterThan(Math.min(own, 9));
    expect(readFileSync(join(cwd, 'input'), 'utf8')).toBe('');
  });

  test('that fails is told with what it said, and nothing besides', async () => {
    const failed = runCompiler('sh', sh("echo 'main.go:1: no' >&2; exit 2"), surroundings());
    await expect(failed).rejects.toMatchObject({ message: 'sh ended with exit code 2', stderr: 'main.go:1: no\n' });
    await expect(runCompiler('sh', sh('exit 0'), surroundings())).resolves.toBeUndefined();
    await expect(runCompiler(join(temporaryDir(), 'none'), [], surroundings())).rejects.toThrow('exit code 127');
  });

  test('ends with all that it started when the signal says so, before the call is over', async () => {
    const { script, pids, begun } = endless();
    const controller = new AbortController();
    const running = runCompiler('sh', sh(script), { ...surroundings(), signal: controller.signal });
    await begun();
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await gone(pids());
    await expect(runCompiler('sh', sh('exit 0'), { ...surroundings(), signal: controller.signal })).rejects.toThrow(
      'enough',
    );
  });

  test('ends with all that it started when the process that started it is killed', async () => {
    const { script, pids, begun } = endless();
    const call = `runCompiler('sh', ${JSON.stringify(sh(script))}, { cwd: '/', env: process.env })`;
    const entry = compiled({ text: `import { runCompiler } from './bridges/whatsmeow/compiler.ts';\nvoid ${call};\n` });
    const child = spawn(process.execPath, [entry], { stdio: 'ignore' });
    atEnd(() => void child.kill('SIGKILL'));
    await begun();
    expect(pids().map(isRunning)).toEqual([true, true]);
    child.kill('SIGKILL');
    await gone(pids());
  });
});
