import type { TableReport } from '../../store/salvage/filler.ts';
import type { RestoreReport } from '../../store/salvage/restore.ts';
import type { SalvageReport } from '../../store/salvage/salvage.ts';

const many = (count: number, noun: string): string => `${count} ${count === 1 ? noun : `${noun}s`}`;

function tableLines({ table, leftOut, cut, mended }: TableReport): string[] {
  const lines = Object.entries(leftOut).map(([reason, { count, rowids }]) => {
    const numbers = rowids.length === 0 ? '' : ` (numbers ${rowids.join(', ')}${count > rowids.length ? ', …' : ''})`;
    return `${table}: ${many(count, 'row')} left out, because ${reason}${numbers}.`;
  });
  if (cut > 0) lines.push(`${table}: ${many(cut, 'row')} without the end of a long text or the data of an attachment.`);
  if (mended > 0) lines.push(`${table}: ${many(mended, 'row')} with a text that is damaged in part.`);
  return lines;
}

/** Rows of a backup that are missing in the new file, one line each; empty when there are none. */
export function leftOutLines({
  tables,
  orphans,
}: Pick<RestoreReport, 'tables' | 'orphans'> & Partial<RestoreReport>): string[] {
  const lines = tables.flatMap(tableLines);
  for (const [table, count] of Object.entries(orphans.removed)) {
    lines.push(
      `${table}: ${many(count, 'row')} left out, because what they belong to (a chat, contact or message) is not there.`,
    );
  }
  if (orphans.unmerged > 0)
    lines.push(`${many(orphans.unmerged, 'merge')} of chats or contacts led nowhere and is undone.`);
  return lines;
}

/** Parts of a restored file that our schema does not have, in one line. */
export function ignoredLines({ ignored, ignoredCount }: RestoreReport): string[] {
  if (ignoredCount === 0) return [];
  const more = ignoredCount > ignored.length ? ` and ${ignoredCount - ignored.length} more` : '';
  return [`Left in the backup, since it is no part of messages.db: ${ignored.join(', ')}${more}.`];
}

/** The number of rows found per table, and the known losses. */
export function salvageLines(report: SalvageReport): string[] {
  const { tables, losses, orphans, looseRows, missingPages, pages, notes } = report;
  const lines = tables
    .filter(({ rows }) => rows > 0)
    .map(({ table, rows }) => `  ${table.padEnd(16)} ${many(rows, 'row')}`);
  if (looseRows > 0)
    lines.push(`${many(looseRows, 'row')} of them were found on pages to which no table led any more.`);
  if (missingPages > 0) lines.push(`Of ${pages} pages the file lacks ${missingPages}.`);
  for (const { table, named, ranges, lastNumber } of losses) {
    if (named === 0) continue;
    const shown = ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
    const last = lastNumber === null ? '' : `; the last number given is ${lastNumber}`;
    lines.push(`Lost of ${table}: ${many(named, 'row')} that an index still names, numbers ${shown}${last}.`);
  }
  if (orphans.rebuilt > 0) {
    lines.push(
      `${many(orphans.rebuilt, 'chat or contact')} made anew from their addresses: their names and settings are lost.`,
    );
  }
  return [...lines, ...leftOutLines(report), ...notes];
}

/** Whether any loss is known. */
export function hasLosses(report: SalvageReport): boolean {
  const { losses, orphans, missingPages } = report;
  const isCut = leftOutLines(report).length > 0 || missingPages > 0 || orphans.rebuilt > 0 || report.notes.length > 0;
  return isCut || losses.some(({ named }) => named > 0);
}
