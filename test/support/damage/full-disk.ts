import { cpSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { examine } from '../../../src/cli/doctor.ts';
import { dataPaths } from '../../../src/config.ts';
import { withSidecars } from '../../../src/store/sqlite/backup.ts';
import { DoctorSite } from '../e2e/doctor-site.ts';
import { testConfig } from '../fakes/config.ts';
import { expected, isHealthy, rawWords } from './grid.ts';
import { type Answer, type Answers, type Question, startLook, statusOf } from './look.ts';
import { copiedRows, type DamageBed, type DamagedFile, damagePaths, waitingRows } from './place.ts';
import { type SmallFileSystem, smallFileSystem } from './places.ts';

/** When the disk of a file is full: before the server starts, or after its first answers. */
export const moments = ['at the start', 'while it runs'] as const;
export type Moment = (typeof moments)[number];

const questions: readonly Question[] = ['chats', 'search', 'statistics', 'one', 'health', 'pairing', 'copy'];

/**
 * Moves a file to a disk of its own, with a link in its place: SQLite follows it and keeps -wal and -shm beside the
 * target, so that the writes to this file alone find no room. Undefined where this process may not mount a disk.
 */
function moveToOwnDisk(path: string): SmallFileSystem | undefined {
  const { size } = statSync(path);
  const disk = smallFileSystem(size + 256 * 1024);
  if (!disk) return undefined;
  const target = join(disk.path, basename(path));
  cpSync(path, target);
  for (const file of withSidecars(path)) rmSync(file, { force: true });
  symlinkSync(target, path);
  return disk;
}

/**
 * The faults of a server whose disk is full for one file alone, and of the same server after there is room again;
 * undefined where this process may not mount a disk.
 */
export async function wrongWhenFull(bed: DamageBed, file: DamagedFile, moment: Moment): Promise<string[] | undefined> {
  const dataDir = await bed.copy();
  const disk = moveToOwnDisk(damagePaths(dataDir)[file]);
  if (!disk) return undefined;
  try {
    return await wrongOn(disk, dataDir, file, moment);
  } finally {
    disk.end();
  }
}

/**
 * The faults of a server that cannot open a log with changes for want of room: it says so instead of reading the file
 * without them, and reads them once there is room.
 */
export async function wrongWithFullLog(bed: DamageBed): Promise<string[] | undefined> {
  const dataDir = await bed.copy();
  const path = damagePaths(dataDir)['messages.db'];
  const disk = moveToOwnDisk(path);
  if (!disk) return undefined;
  const file = join(disk.path, basename(path));
  const writer = new Database(path);
  writer.pragma('wal_autocheckpoint = 0');
  writer.exec("UPDATE messages SET content = 'a changed word' WHERE id = 'RARE1'");
  cpSync(`${file}-wal`, join(dataDir, 'log'));
  writer.close();
  cpSync(join(dataDir, 'log'), `${file}-wal`);
  disk.fill();
  const server = await startLook(dataDir);
  try {
    const { one } = await server.ask(['one']);
    disk.free();
    const later = (await server.ask(['one'])).one;
    return [
      ...(/messages\.db cannot be read where nothing can be written/.test(String(one?.value['message']))
        ? []
        : [`without room: ${JSON.stringify(one)}`]),
      ...((later?.value['message'] as { content?: string })?.content === 'a changed word'
        ? []
        : [`with room: ${JSON.stringify(later)}`]),
    ];
  } finally {
    await server.close();
    disk.end();
  }
}

async function wrongOn(disk: SmallFileSystem, dataDir: string, file: DamagedFile, moment: Moment): Promise<string[]> {
  if (moment === 'at the start') disk.fill();
  const server = await startLook(dataDir);
  const wrong: string[] = [];
  try {
    if (moment === 'while it runs') {
      await server.ask(['chats', 'search', 'health']);
      disk.fill();
    }
    const full = { ...(await server.ask(questions)), status: await statusOf(dataDir) };
    wrong.push(...rawWords(full), ...expected(full), ...ofFull(full, file), ...(await ofDoctor(dataDir)));
    disk.free();
    const later = await server.ask(questions);
    wrong.push(...ofRoom(full, later, file).map((fault) => `with room again, ${fault}`));
  } finally {
    await server.close();
  }
  return [...wrong, ...ofFiles(dataDir)];
}

/** An answer that names this file and the full disk, and says that a retry helps after there is room. */
function isInWords({ ok, value }: Answer, file: DamagedFile): boolean {
  const { message, hint, retryable } = value;
  const isSaid = String(message).startsWith(`${file} cannot be written: the disk is full`);
  return !ok && isSaid && retryable === true && /Make room/.test(String(hint));
}

/** What needs the file either works or says why not; a search says that it is without its index. */
function ofFull(answers: Answers, file: DamagedFile): string[] {
  const { copy, pairing, search, health } = answers as Required<Answers>;
  const needs: Partial<Record<DamagedFile, Answer>> = { 'messages.db': copy, 'auth.db': pairing, 'lock.db': pairing };
  const wrong = Object.entries({ copy, pairing })
    .filter(([name, answer]) => !answer.ok && !isInWords(answer, file) && !isOffline(name, answer))
    .map(([name, { value }]) => `${name} answers ${value['error_code']}: ${value['message']}`);
  if (needs[file]?.ok) wrong.push('a write into a full disk is called a success');
  if (
    file === 'search.db' &&
    search.value['incomplete'] !== undefined &&
    !/search\.db.*full/.test(JSON.stringify(search))
  )
    wrong.push('the search does not say why it is incomplete');
  if (!health.ok) wrong.push('backend_status fails');
  return wrong;
}

/** No WhatsApp is there: what goes as far as the connection has written what it needs. */
const isOffline = (name: string, { value }: Answer): boolean =>
  name === 'pairing' &&
  value['error_code'] === 'bridge_unavailable' &&
  /could not be reached/.test(String(value['message']));

/** The same server goes on, and has lost nothing. */
function ofRoom(full: Answers, later: Answers, file: DamagedFile): string[] {
  const copiedIn = ({ copy }: Answers) => Number(copy?.ok ? copy.value['messages_synced'] : 0);
  const copied = [copiedIn(full), copiedIn(later)] as const;
  const wrong = rawWords(later);
  if (!later.copy?.ok) wrong.push(`the copy answers ${JSON.stringify(later.copy?.value)}`);
  // A failure after the rows were copied has no number.
  if (file !== 'staging.db' && copied[0] + copied[1] !== waitingRows)
    wrong.push(`${copied} of ${waitingRows} rows were copied`);
  if (later.search?.value['total'] !== 1) wrong.push('the search does not find the message');
  if (later.pairing && !later.pairing.ok && !isOffline('pairing', later.pairing))
    wrong.push(`a pairing answers ${JSON.stringify(later.pairing.value)}`);
  if (!isHealthy(later)) wrong.push(`backend_status says ${JSON.stringify(later.health?.value['database'])}`);
  return wrong;
}

/** Every row is there, and every file is whole. */
function ofFiles(dataDir: string): string[] {
  const { messages, ...others } = dataPaths(dataDir);
  const db = new Database(messages);
  const rows = db.prepare('SELECT count(*) FROM messages').pluck().get();
  db.close();
  const wrong = rows === copiedRows + waitingRows ? [] : [`messages.db has ${rows} rows at the end`];
  for (const path of [messages, others.staging, others.search, others.auth]) {
    const one = new Database(path);
    if (one.pragma('quick_check', { simple: true }) !== 'ok') wrong.push(`${basename(path)} is damaged at the end`);
    one.close();
  }
  return wrong;
}

/** doctor calls nothing damaged, and nothing a defect. */
async function ofDoctor(dataDir: string): Promise<string[]> {
  const site = new DoctorSite();
  try {
    const report = await examine(site.site({ config: testConfig(dataDir), paths: dataPaths(dataDir) }));
    const found = /damaged|defect of this program|SQLITE_|Error:|\bat .*\.ts:/.exec(JSON.stringify(report));
    return found
      ? [`doctor says ${found[0]}: ${JSON.stringify(report.checks.filter(({ verdict }) => verdict === 'fail'))}`]
      : [];
  } finally {
    site.close();
  }
}
