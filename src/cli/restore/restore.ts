import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DataPaths, dataPaths, type Sources } from '../../config.ts';
import { reasonFor } from '../../store/files/failure.ts';
import { adoptStore } from '../../store/opening/adopt-store.ts';
import { UnreadableFile } from '../../store/pages/page-file.ts';
import { type RestoreReport, restoreCredentials, restoreMessages } from '../../store/salvage/restore.ts';
import { withSidecars } from '../../store/sqlite/backup.ts';
import { credentialsOf } from '../backup.ts';
import { assertUnused } from '../data/files.ts';
import { taken, UserError } from '../refusal.ts';
import { loadConfig } from '../settings.ts';
import type { Terminal } from '../terminal.ts';
import { moveAside } from './kept-file.ts';
import { ignoredLines, leftOutLines } from './report-lines.ts';

export interface RestoreOptions {
  withCredentials?: boolean;
  /** Replaces an existing messages.db, which is kept next to the new one. */
  replace?: boolean;
  json?: boolean;
}

interface Piece {
  from: string;
  to: string;
  restore(from: string, to: string): Promise<RestoreReport>;
}

/**
 * Restores the rows of a backup into a data directory without messages, or in place of existing ones; exit code 0 when
 * all rows were restored, 1 when some did not fit.
 */
export async function restore(
  file: string,
  flags: Sources,
  options: RestoreOptions,
  terminal: Terminal,
): Promise<number> {
  const paths = dataPaths(loadConfig(flags).dataDir);
  const from = resolve(file);
  assertUnused(paths);
  const pieces: Piece[] = [{ from, to: paths.messages, restore: restoreMessages }];
  if (options.withCredentials === true) {
    pieces.push({ from: credentialsOf(from), to: paths.auth, restore: restoreCredentials });
  }
  const replaces = (to: string) => options.replace === true && to === paths.messages;
  for (const piece of pieces) {
    if (!existsSync(piece.from))
      throw new UserError(`There is no ${piece.from}.`, 'Look at the path, and at WHATSAPP_DATA_DIR.');
    if (existsSync(piece.to) && !replaces(piece.to)) throw taken(piece.to);
  }
  const { reports, kept } = await restoreAll(pieces, replaces);
  afterRestore(paths);
  say(terminal, options, { pieces, reports, kept });
  return reports.every((report) => leftOutLines(report).length === 0) ? 0 : 1;
}

/** Restores all files or none. Moves the old file aside once the new one is complete. */
async function restoreAll(pieces: readonly Piece[], replaces: (to: string) => boolean) {
  const done: string[] = [];
  const reports: RestoreReport[] = [];
  const drafts = pieces.map(({ to }) => (replaces(to) ? `${to}.${process.pid}.new` : to));
  try {
    for (const [n, { from, restore: run }] of pieces.entries()) {
      const to = drafts[n] as string;
      reports.push(await run(from, to).catch((error: unknown) => refuse(from, to, error)));
      done.push(to);
    }
    const kept = pieces.flatMap(({ to }, n) => (drafts[n] === to ? [] : moveAside(to, drafts[n] as string)));
    return { reports, kept };
  } catch (error) {
    for (const path of done) rmSync(path, { force: true });
    throw error;
  }
}

function refuse(from: string, to: string, error: unknown): never {
  if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(to);
  const reason = error instanceof UnreadableFile ? error.message : reasonFor(error);
  if (reason === undefined) throw error;
  throw new UserError(
    `${from} cannot be restored: ${reason}.`,
    'Take another backup. To save what a damaged one holds, put it into an empty data directory as messages.db and run `whatsapp-hybrid-mcp doctor --salvage <file>` with that directory.',
    { cause: error },
  );
}

/** Call whenever messages.db gets other rows: accepts them, and discards the search index of the old ones. */
export function afterRestore(paths: DataPaths): void {
  for (const path of withSidecars(paths.search)) rmSync(path, { force: true });
  adoptStore(paths);
}

interface Done {
  pieces: readonly Piece[];
  reports: readonly RestoreReport[];
  kept: readonly string[];
}

function say(terminal: Terminal, { json }: RestoreOptions, { pieces, reports, kept }: Done): void {
  if (json === true) {
    const files = pieces.map(({ to }) => to);
    terminal.say(JSON.stringify({ files, ...(kept.length > 0 && { kept }), reports }, null, 2));
    return;
  }
  for (const [n, { to }] of pieces.entries()) {
    terminal.say(`✅ ${to}`);
    const report = reports[n] as RestoreReport;
    for (const line of leftOutLines(report)) terminal.say(`⚠️  ${line}`);
    for (const line of ignoredLines(report)) terminal.say(`   ${line}`);
  }
  for (const path of kept) terminal.say(`The old file is kept: ${path}`);
}
