import { UserError } from './refusal.ts';
import { withoutControls } from './terminal.ts';

/** Questions of a command to the person at the terminal. */
export interface Asker {
  /** True for yes; false for no and for Ctrl-C. */
  confirm(question: string): Promise<boolean>;
  /** True when the person typed exactly this word. */
  type(question: string, word: string): Promise<boolean>;
  /** The value of the chosen option; undefined for Ctrl-C. */
  choose(question: string, options: readonly Choice[]): Promise<string | undefined>;
}

export interface Choice {
  value: string;
  label: string;
}

/** Asks on the terminal, on stderr. Without a terminal it throws UserError that names the option to pass instead. */
export function standardAsker(): Asker {
  return {
    async confirm(question) {
      const { confirm } = await prompts('Give --yes to do it without a question.');
      return (
        (await confirm({ message: withoutControls(question), initialValue: false, output: process.stderr })) === true
      );
    },
    async type(question, word) {
      const { text } = await prompts('Give --yes to do it without a question.');
      return (await text({ message: withoutControls(question), placeholder: word, output: process.stderr })) === word;
    },
    async choose(question, options) {
      const { select } = await prompts(`Name one of: ${options.map(({ value }) => value).join(', ')}.`);
      const picked = await select({
        message: withoutControls(question),
        options: [...options],
        output: process.stderr,
      });
      return typeof picked === 'string' ? picked : undefined;
    },
  };
}

async function prompts(otherwise: string) {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UserError('Nobody can be asked here: this is no terminal.', otherwise);
  }
  return import('@clack/prompts');
}
