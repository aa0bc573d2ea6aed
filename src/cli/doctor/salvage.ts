import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataPaths, type Sources } from '../../config.ts';
import { reasonFor } from '../../store/files/failure.ts';
import { UnreadableFile } from '../../store/pages/page-file.ts';
import { type SalvageReport, salvageMessages } from '../../store/salvage/salvage.ts';
import { assertUnused } from '../data/files.ts';
import { taken, UserError } from '../refusal.ts';
import { moveAside } from '../restore/kept-file.ts';
import { hasLosses, salvageLines } from '../restore/report-lines.ts';
import { afterRestore } from '../restore/restore.ts';
import { dataDirOf } from '../settings.ts';
import type { Terminal } from '../terminal.ts';

export interface SalvageOptions {
  /** Replaces the damaged file, which is kept next to it. */
  replace?: boolean;
  json?: boolean;
}

/**
 * Copies the readable rows of messages.db into a new file; exit code 0 when no loss is known, 1 with losses, 2 when no
 * file could be created.
 */
export async function salvage(
  file: string,
  flags: Sources,
  options: SalvageOptions,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<number> {
  const paths = dataPaths(dataDirOf(flags));
  const to = resolve(file);
  if (!existsSync(paths.messages)) {
    throw new UserError(`There is no ${paths.messages}.`, 'Look at WHATSAPP_DATA_DIR.');
  }
  if (existsSync(to)) throw taken(to);
  if (options.replace === true) assertUnused(paths);
  let report: SalvageReport;
  try {
    report = await salvageMessages(paths.messages, to, signal);
  } catch (error) {
    return refuse(paths.messages, to, error, options, terminal);
  }
  const kept = options.replace === true ? await putInPlace(to, paths.messages) : [];
  if (options.replace === true) afterRestore(paths);
  const made = options.replace === true ? paths.messages : to;
  if (options.json === true) terminal.say(JSON.stringify({ file: made, kept, ...report }, null, 2));
  else sayAll(terminal, { file, made, kept, report });
  return hasLosses(report) ? 1 : 0;
}

/** The new file may be on another disk, so this copies it into place and keeps the requested one. */
async function putInPlace(from: string, path: string): Promise<string[]> {
  const { copyDatabase } = await import('../../store/sqlite/backup.ts');
  const draft = `${path}.${process.pid}.new`;
  try {
    await copyDatabase(from, draft);
    return moveAside(path, draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

function refuse(from: string, to: string, error: unknown, { json }: SalvageOptions, terminal: Terminal): number {
  if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(to);
  const reason = error instanceof UnreadableFile ? error.message : reasonFor(error);
  if (reason === undefined) throw error;
  const message = `Nothing could be saved of ${from}: ${reason}.`;
  const fix = reason.includes('while it was read')
    ? 'Stop every server and wa-bridge, and run it again.'
    : 'Restore a backup with `whatsapp-hybrid-mcp restore <file> --replace`, or move the file away, log out and link the phone again.';
  terminal.say(json === true ? JSON.stringify({ file: null, message, fix }, null, 2) : `❌ ${message}\n   → ${fix}`);
  return 2;
}

interface Done {
  file: string;
  made: string;
  kept: readonly string[];
  report: SalvageReport;
}

function sayAll(terminal: Terminal, { file, made, kept, report }: Done): void {
  terminal.say(`${hasLosses(report) ? '⚠️ ' : '✅'} ${made}`);
  for (const line of salvageLines(report)) terminal.say(`   ${line}`);
  for (const path of kept) terminal.say(`The damaged file is kept: ${path}`);
  if (kept.length > 0) return;
  terminal.say('The damaged file is as it was. To use the new one, stop every server and wa-bridge, then run:');
  terminal.say(`  whatsapp-hybrid-mcp restore '${file}' --replace`);
}
