import { protocolOutput } from '../stdout.ts';

/** The terminal of a command. */
export interface Terminal {
  /** Prints text of any origin; removes terminal control characters but keeps line ends. */
  say(line?: string): void;
  /** Prints a picture of block characters in its own colours; removes everything else. */
  draw(picture: string): void;
  /** A progress line that is overwritten; without a terminal that can do so, prints a new line every tenth. */
  progress(): ProgressLine;
  /** Whether output goes to a terminal with colours. */
  isTty: boolean;
}

export interface ProgressLine {
  update(done: number, total: number | null, message: string): void;
  /** Ends the line. */
  end(): void;
}

export interface Output {
  write(text: string): unknown;
  isTty: boolean;
  columns: number;
}

const barWidth = 30;

/** Characters that move the cursor, change the window or the colours, reverse text, or are invisible. */
const controlCharacters =
  /(?![\n\t])\p{Cc}|[\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]|(?!\u200c|\u200d|\ufe0f)\p{Default_Ignorable_Code_Point}/gu;

/** Text without terminal control characters; keeps line ends and tabs. */
export const withoutControls = (text: string): string => text.replace(controlCharacters, '');

/** Text of other people on one line, so that it cannot imitate our own lines. */
export const printable = (text: string): string => withoutControls(text.replace(/[\s\u0085]+/g, ' '));

const esc = '\u001b';
const drawing = new RegExp(`${esc}\\[[\\d;]*m|[ \\n\\u2580-\\u259f]`, 'g');

/** Prints one line on stderr, for programs whose stdout has another use. */
export const note = (line: string): void => void process.stderr.write(`${withoutControls(line)}\n`);

export function createTerminal(output: Output): Terminal {
  return {
    isTty: output.isTty,
    say: (line = '') => void output.write(`${withoutControls(line)}\n`),
    draw: (picture) => void output.write(`${(picture.match(drawing) ?? []).join('')}\n`),
    progress: () => (output.isTty ? drawnLine(output) : printedLines(output)),
  };
}

/** The real terminal: the original stdout, which libraries cannot reach. */
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
      const line = `   ${bar} ${String(percent(done, total)).padStart(3)}%  ${printable(message)}`;
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
      output.write(`   ${percent(done, total)}%  ${printable(message)}\n`);
    },
    end() {},
  };
}
