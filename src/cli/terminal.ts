import { protocolOutput } from '../stdout.ts';

/** Where a command talks to a person. */
export interface Terminal {
  say(line?: string): void;
  /** One line that is drawn over while work goes on; where nobody can draw over a line, a new one every tenth. */
  progress(): ProgressLine;
  /** Whether a person sees it at once, in colours. */
  isTty: boolean;
}

export interface ProgressLine {
  update(done: number, total: number | null, message: string): void;
  /** Leaves the line as it is and goes to the next. */
  end(): void;
}

export interface Output {
  write(text: string): unknown;
  isTty: boolean;
  columns: number;
}

const barWidth = 30;

/** Text of other people without the control characters that would move the cursor or change the window. */
export function printable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, (char) => (char === '\u200d' ? char : ''));
}

export function createTerminal(output: Output): Terminal {
  return {
    isTty: output.isTty,
    say: (line = '') => void output.write(`${line}\n`),
    progress: () => (output.isTty ? drawnLine(output) : printedLines(output)),
  };
}

/** The real one: stdout, which no library can reach. */
export function standardTerminal(): Terminal {
  const { isTTY, columns } = process.stdout;
  return createTerminal({ write: (text) => protocolOutput.write(text), isTty: isTTY === true, columns: columns || 80 });
}

function percent(done: number, total: number | null): number {
  return total === null || total <= 0 ? 0 : Math.min(100, Math.floor((100 * done) / total));
}

function drawnLine(output: Output): ProgressLine {
  let drawn = false;
  return {
    update(done, total, message) {
      const filled = Math.round((barWidth * percent(done, total)) / 100);
      const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
      const line = `   ${bar} ${String(percent(done, total)).padStart(3)}%  ${message}`;
      output.write(`\r\u001b[K${line.slice(0, output.columns - 1)}`);
      drawn = true;
    },
    end() {
      if (drawn) output.write('\n');
      drawn = false;
    },
  };
}

function printedLines(output: Output): ProgressLine {
  let shown = -1;
  return {
    update(done, total, message) {
      const tenth = Math.floor(percent(done, total) / 10);
      if (tenth <= shown) return;
      shown = tenth;
      output.write(`   ${percent(done, total)}%  ${message}\n`);
    },
    end() {},
  };
}
