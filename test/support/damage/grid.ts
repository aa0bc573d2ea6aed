import { UnsafeSettings } from '../../../src/cli/data/trust.ts';
import { type DamageKind, type DamageName, damageFile, damageKinds } from './kinds.ts';
import { type Answers, lookAt, type Question, statusOf } from './look.ts';
import { copiedRows, type DamageBed, type DamagedFile, damagePaths, waitingRows } from './place.ts';

export interface Cell {
  file: DamagedFile;
  damage: DamageName;
}

export const files: readonly DamagedFile[] = [
  'messages.db',
  'staging.db',
  'search.db',
  'auth.db',
  'lock.db',
  'whatsmeow.db',
];

/** Every file with every damage. */
const all: readonly Cell[] = files.flatMap((file) =>
  (Object.keys(damageKinds) as DamageName[]).map((damage) => ({ file, damage })),
);

const isForPlainUser = ({ damage }: Cell): boolean => (damageKinds[damage] as DamageKind).asPlainUser === true;

/** Cells that this process can check, without those that only a process without root's rights can. */
export const cells = all.filter((cell) => !isForPlainUser(cell));
export const plainUserCells = all.filter(isForPlainUser);

const questions: readonly Question[] = ['chats', 'search', 'statistics', 'one', 'health', 'copy'];

/** Another check of a damaged directory, such as another command; returns the faults of its answer. */
export type Look = (dataDir: string, cell: Cell) => Promise<string[]>;

/** A copy with the damage of a cell. */
export async function damagedCopy(bed: DamageBed, cell: Cell, seed: number): Promise<string> {
  const dataDir = await bed.copy();
  const kind: DamageKind = damageKinds[cell.damage];
  if (kind.asPlainUser) bed.giveToPlainUser(dataDir);
  damageFile(damagePaths(dataDir)[cell.file], cell.damage, seed);
  return dataDir;
}

/**
 * Checks a damaged copy like a user, and returns the faults of the answers; `also` runs before anything is copied into
 * it.
 */
export async function wrongIn(dataDir: string, cell: Cell, also: readonly Look[] = []): Promise<string[]> {
  if ((damageKinds[cell.damage] as DamageKind).isRefused) return wrongInRefusal(dataDir, cell);
  const status = await statusOf(dataDir);
  const others = await Promise.all(also.map((look) => look(dataDir, cell)));
  const answers = { status, ...(await lookAt(dataDir, questions)) };
  const ofFile = cell.file === 'messages.db' ? ofMessages(answers) : beside(cell, answers);
  return [...others.flat(), ...rawWords(answers), ...ofFile];
}

/** A file that is not this user's: every command says so by name, and reads nothing. */
async function wrongInRefusal(dataDir: string, { file }: Cell): Promise<string[]> {
  const error: unknown = await statusOf(dataDir).catch((thrown: unknown) => thrown);
  const isSaid = error instanceof UnsafeSettings && error.message.includes(`${file} belongs to another user`);
  return isSaid ? [] : [`status does not refuse the directory: ${String(error)}`];
}

/** Words of SQLite, of Node or of a defect. */
export function rawWords(answers: Answers): string[] {
  return Object.entries(answers).flatMap(([name, answer]) => {
    const text = JSON.stringify(answer);
    const found =
      /SQLITE_|SqliteError|"internal"|unexpected error|A defect on our side|\\n\s+at |ENOENT|EACCES|EROFS/.exec(text);
    return found ? [`${name} says ${found[0]}`] : [];
  });
}

export const expected = (answers: Answers): string[] => [
  ...(answers.chats?.value['total'] === 3 ? [] : ['list_chats has not all chats']),
  ...(answers.search?.value['total'] === 1 ? [] : ['the search does not find the message']),
  ...(answers.statistics?.value['total_messages'] === copiedRows ? [] : ['the statistics do not count all messages']),
  ...(answers.one?.ok ? [] : ['get_message does not find the message']),
];

export const isHealthy = ({ health }: Answers): boolean =>
  (health?.value['database'] as Record<string, unknown> | undefined)?.['healthy'] === true;

/** Damage outside messages.db: reading continues, and answers report what is unknown. */
function beside({ file, damage }: Cell, answers: Answers): string[] {
  const kind: DamageKind = damageKinds[damage];
  const isGone = kind.isGone === true;
  const mayHide = kind.mayHide === true;
  const { pending_sync, incomplete = '' } = (answers.chats?.value ?? {}) as Record<string, unknown>;
  const wrong = expected(answers);
  if (!answers.health?.ok) wrong.push('backend_status fails');
  if (file !== 'staging.db') {
    if (pending_sync !== waitingRows) wrong.push('the rows that wait are not counted');
    if (answers.copy?.value['messages_synced'] !== waitingRows) wrong.push('the rows that wait are not copied');
    return wrong;
  }
  const said = String(incomplete).includes('staging.db') && pending_sync === undefined;
  if (!said && !isGone && !(pending_sync === waitingRows)) wrong.push('it is not said that rows cannot be counted');
  const unreadable = !isGone && !mayHide && damage !== 'read-only';
  if (unreadable && isHealthy(answers)) wrong.push('backend_status calls an unreadable staging.db healthy');
  if (unreadable && answers.copy?.ok) wrong.push('the copy claims to have read an unreadable staging.db');
  return wrong;
}

/** messages.db itself is damaged: an answer is right, or says what is wrong and what to do. */
function ofMessages(answers: Answers): string[] {
  const read = (['chats', 'search', 'statistics', 'one'] as const).map((name) => answers[name]);
  const failed = read.filter((answer) => answer?.ok === false);
  const wrong = failed.flatMap((answer) => {
    const { error_code, message, hint, retryable } = answer?.value ?? {};
    const named = error_code === 'store_unavailable' && String(message).startsWith('messages.db') && hint;
    return named && retryable === false ? [] : [`a read fails with ${error_code}: ${message}`];
  });
  if (failed.length > 0 && isHealthy(answers)) wrong.push('backend_status calls it healthy although a read failed');
  if (failed.length > 0 && answers.copy?.ok) wrong.push('the copy succeeds although a read failed');
  return failed.length > 0 ? wrong : [...wrong, ...expected(answers)];
}
