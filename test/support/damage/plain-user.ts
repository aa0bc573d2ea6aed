import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { plainUser } from './kinds.ts';

/** The faults of the answers about each directory, checked by a process without root's rights. */
export async function asPlainUser(work: readonly object[]): Promise<string[][]> {
  const entry = fileURLToPath(new URL('./plain-user-child.ts', import.meta.url));
  const env = { PATH: process.env['PATH'] ?? '', TSX_DISABLE_CACHE: '1', HOME: '/nonexistent' };
  const child = spawn(process.execPath, ['--import', 'tsx', entry], { uid: plainUser, gid: plainUser, env });
  let [said, complained] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  child.stdin.end(JSON.stringify(work));
  await new Promise((resolve) => child.once('close', resolve));
  const last = said.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('[')) throw new Error(`the process of the plain user said: ${said}${complained}`);
  return JSON.parse(last) as string[][];
}

/** Only root may start a process of another user; elsewhere these cells are skipped, and the output says so. */
export const canBePlainUser = process.getuid?.() === 0;
if (!canBePlainUser) process.stderr.write('*** SKIPPED *** cells of another user: this is not root\n');
