import '../../../src/stdout.ts';
import type { TableReport } from '../../../src/store/salvage/filler.ts';
import { restoreMessages } from '../../../src/store/salvage/restore.ts';
import { salvageMessages } from '../../../src/store/salvage/salvage.ts';

const summary = ({ table, rows, leftOut }: TableReport) => ({ table, rows, leftOut });

/** Restores or salvages one file in a separate process, to measure its memory. */
const [mode = '', from = '', to = ''] = process.argv.slice(2);
const idle = process.resourceUsage().maxRSS;
const said = await (mode === 'salvage' ? salvageMessages(from, to) : restoreMessages(from, to)).then(
  ({ tables }) => tables.filter(({ rows, leftOut }) => rows > 0 || Object.keys(leftOut).length > 0).map(summary),
  (error: Error) => error.message,
);
process.stderr.write(JSON.stringify({ said, idleMb: idle >> 10, peakMb: process.resourceUsage().maxRSS >> 10 }));
