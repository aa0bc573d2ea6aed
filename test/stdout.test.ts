import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { compiled } from './support/setup/compiled.ts';

/** Runs a program whose first import is the guard, and gives what came out of each stream. */
function run(program: string): { stdout: string; stderr: string; status: number | null } {
  const source = `import { protocolOutput, consoleLines } from './src/stdout.ts';\n${program}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, [compiled({ text: source })], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { stdout, stderr, status };
}

describe('the guard on stdout', () => {
  it('lets only the protocol through, whoever else prints', () => {
    const { stdout, stderr } = run(`
      console.log('a log'); console.info('an info'); console.debug('a debug'); console.table([1]); console.dir({ a: 1 });
      process.stdout.write('a write\\n'); process.stdout.write('with a callback\\n', () => protocolOutput.write('{"id":1}\\n'));
    `);
    expect(stdout).toBe('{"id":1}\n');
    for (const text of ['a log', 'an info', 'a debug', 'a write', 'with a callback']) expect(stderr).toContain(text);
  });

  it('prints no session of libsignal and no object at all, because both hold keys', () => {
    const { stdout, stderr } = run(`
      const session = { currentRatchet: { ephemeralKeyPair: { privKey: Buffer.from('secret') } } };
      console.info('Closing session:', session);
      console.info('Opening session:', session);
      console.info('Removing old closed session:', session);
      console.warn('Session already closed', session);
      console.error('other', session, Buffer.from('secret'), new Error('Bad MAC'), 7, undefined, null);
      console.log(session);
    `);
    expect(stdout).toBe('');
    expect(stderr).toBe('other Error: Bad MAC 7 undefined\n');
  });

  it('tells a writer when the bytes have gone out', () => {
    const { stdout } = run(
      `protocolOutput.write('first\\n', (error) => protocolOutput.write(String(error ?? 'fine')));`,
    );
    expect(stdout).toBe('first\nfine');
  });

  it('hands the lines to a log once there is one', () => {
    const { stderr } = run(
      `consoleLines.print = (line) => process.stderr.write('[log] ' + line); console.log('taken over');`,
    );
    expect(stderr).toBe('[log] taken over');
  });

  it('tells when nobody reads any more, instead of failing', () => {
    const program = `import { protocolOutput } from './src/stdout.ts';
      protocolOutput.onError((error) => { process.stderr.write('gone: ' + error.code); process.exit(0); });
      setInterval(() => protocolOutput.write('x'.repeat(65536)), 1);`;
    const command = '"$NODE" "$PROGRAM" | true';
    const env = { ...process.env, NODE: process.execPath, PROGRAM: compiled({ text: program }) };
    const stderr = execFileSync('bash', ['-c', `{ ${command}; } 2>&1 >/dev/null`], {
      env,
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(stderr).toBe('gone: EPIPE');
  });
});
