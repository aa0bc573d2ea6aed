import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expected, isHealthy, rawWords } from './grid.ts';
import { lookAt, statusOf } from './look.ts';
import { waitingRows } from './place.ts';

/**
 * Checks a directory in which nothing can be written: all reads work, backend_status reports it, and the copy reports
 * what it needs.
 */
export async function wrongInPlace(dataDir: string): Promise<string[]> {
  const status = await statusOf(dataDir);
  const answers = { status, ...(await lookAt(dataDir, ['chats', 'search', 'statistics', 'one', 'health', 'copy'])) };
  const { error_code, message } = answers.copy?.value ?? {};
  return [
    ...rawWords(answers),
    ...expected(answers),
    ...(answers.chats?.value['pending_sync'] === waitingRows ? [] : ['the rows that wait are not counted']),
    ...(isHealthy(answers) ? ['backend_status calls it healthy'] : []),
    ...(status.text.includes('cannot be written') ? [] : ['status does not say that nothing can be written']),
    ...(error_code === 'database_sync_failed' && /read-only|disk is full/.test(String(message))
      ? []
      : [`the copy answers ${error_code}: ${message}`]),
  ];
}

export interface SmallFileSystem {
  path: string;
  readOnly(): void;
  /** Takes all room that is left. */
  fill(): void;
  /** Gives back what `fill` took. */
  free(): void;
  end(): void;
}

/** A small file system of its own; undefined where this process may not mount one. */
export function smallFileSystem(bytes: number): SmallFileSystem | undefined {
  const path = mkdtempSync(join(tmpdir(), 'damage-fs-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true });
    process.stderr.write('*** SKIPPED *** read-only and full file systems: this process may not mount one\n');
    return undefined;
  }
  return {
    path,
    readOnly: () => void execFileSync('mount', ['-o', 'remount,ro', path]),
    fill() {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(join(path, 'filler'), Buffer.alloc(bavail * bsize));
    },
    free: () => rmSync(join(path, 'filler'), { force: true }),
    end() {
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true });
    },
  };
}
