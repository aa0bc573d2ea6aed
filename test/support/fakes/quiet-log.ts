import pino from 'pino';
import { scrub } from '../../../src/log.ts';

/** A logger that keeps its lines for the test. */
export function quietLog(): { log: pino.Logger; lines: string[] } {
  const lines: string[] = [];
  const log = pino(
    { level: 'debug', hooks: { streamWrite: scrub } },
    { write: (line: string) => void lines.push(line) },
  );
  return { log, lines };
}
