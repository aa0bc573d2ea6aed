import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../support/e2e/client.ts';
import { clientEnv, runProgram, startProgram, temporaryDir } from '../../support/e2e/program.ts';

const rawWords = /^\s+at |\bE[A-Z]{4,}\b|defect|unexpected error/m;

/** Folders that cannot be made, and the words for each; made below `home` where they need something there. */
const folders: Record<string, { dataDir(home: string): string; words: RegExp; runs: boolean }> = {
  'a name below /proc': { dataDir: () => '/proc/nothing', words: /no folder can be made at that place/, runs: true },
  'a name two levels below /proc': {
    dataDir: () => '/proc/nothing/more',
    words: /no folder can be made at that place/,
    runs: true,
  },
  'a name on a read-only disk': {
    dataDir: (home) => join(readOnlyFolder(home), 'data'),
    words: /read-only/,
    runs: true,
  },
  'a file': { dataDir: (home) => join(home, 'file'), words: /is a file/, runs: false },
  'a name below a file': { dataDir: (home) => join(home, 'file', 'data'), words: /is a file/, runs: false },
  'a link that leads to nothing': { dataDir: (home) => join(home, 'broken'), words: /leads to nothing/, runs: false },
  'links in a circle': { dataDir: (home) => join(home, 'circle', 'data'), words: /in a circle/, runs: false },
  'a name that is too long': { dataDir: (home) => join(home, 'n'.repeat(300)), words: /too long/, runs: false },
};

function readOnlyFolder(home: string): string {
  const path = join(home, 'disk');
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', path], { stdio: 'ignore' });
  onTestFinished(() => void execFileSync('umount', ['-l', path]));
  return path;
}

function prepared(): string {
  const home = temporaryDir();
  writeFileSync(join(home, 'file'), '');
  symlinkSync(join(home, 'nothing'), join(home, 'broken'));
  symlinkSync('circle', join(home, 'circle'));
  return home;
}

const isUsable = (name: string): boolean =>
  (process.platform === 'linux' || !name.includes('/proc')) && (canMount() || !name.includes('disk'));

function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

describe.each(Object.entries(folders).filter(([name]) => isUsable(name)))(
  'A data directory that is %s',
  (_, folder) => {
    const env = () => {
      const home = prepared();
      return clientEnv(home, { WHATSAPP_DATA_DIR: folder.dataDir(home), WHATSAPP_BRIDGE: 'baileys' });
    };

    test.each([['status'], ['doctor'], ['backup', 'copy.db'], ['wipe', '--yes']])(
      'ends %s with words',
      async (...args) => {
        const { code, signal, stdout, stderr } = await runProgram(args, env());
        expect(signal).toBeNull();
        expect(stdout + stderr).not.toMatch(rawWords);
        if (args[0] === 'wipe' && folder.runs) return expect(stdout).toContain('Nothing is stored');
        expect(code).toBeGreaterThan(0);
        expect(stdout + stderr).toContain('WHATSAPP_DATA_DIR');
        if (args[0] === 'status') expect(stdout + stderr).toMatch(folder.words);
      },
    );

    test('is told with every call, and the server ends with its input', async () => {
      const { failure, end, server } = await serve([], env());
      const { message, hint, retryable } = await failure('list_chats');
      expect(message).toMatch(folder.words);
      expect(hint + String(message)).toContain('WHATSAPP_DATA_DIR');
      expect(retryable).toBe(false);
      expect(await end()).toMatchObject({ code: 0, signal: null });
      expect(server.stderr()).not.toMatch(/^\s+at /m);
    });

    test('holds up neither the end of input nor a signal while it is tried', async () => {
      const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_chats', arguments: {} } };
      for (const stop of ['stdin', 'signal'] as const) {
        const { child, ended } = startProgram(['serve'], env());
        child.stdin?.write(`${JSON.stringify(call)}\n`);
        if (stop === 'stdin') child.stdin?.end();
        else setImmediate(() => child.kill('SIGTERM'));
        const { signal } = await ended;
        expect([null, 'SIGTERM']).toContain(signal);
      }
    });
  },
);
