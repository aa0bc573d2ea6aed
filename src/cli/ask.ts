import { Refusal } from './refusal.ts';

/** How a command asks the person in front of it. */
export interface Asker {
  /** True for yes; false for no and for Ctrl-C. */
  confirm(question: string): Promise<boolean>;
  /** True when exactly this word was typed. */
  type(question: string, word: string): Promise<boolean>;
}

/** Asks on the terminal, on stderr. Throws Refusal where nobody is there to answer, naming the option to give instead. */
export function standardAsker(): Asker {
  return {
    async confirm(question) {
      const { confirm } = await prompts();
      return (await confirm({ message: question, initialValue: false, output: process.stderr })) === true;
    },
    async type(question, word) {
      const { text } = await prompts();
      return (await text({ message: question, placeholder: word, output: process.stderr })) === word;
    },
  };
}

async function prompts() {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Refusal('Nobody can be asked here: this is no terminal.', 'Give --yes to do it without a question.');
  }
  return import('@clack/prompts');
}
