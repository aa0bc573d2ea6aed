import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ClientName } from '../../../src/cli/setup/clients.ts';
import { type Machine, thisMachine } from '../../../src/cli/setup/machine.ts';
import { placesOf } from '../../../src/cli/setup/places.ts';
import { type SetupOptions, setup } from '../../../src/cli/setup.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';
import type { Sources } from '../../../src/settings.ts';

interface Answers {
  flags?: Sources;
  /** The answer to a question. */
  yes?: boolean;
  /** The client to choose from the list. */
  chosen?: string;
  /** Differences of the machine. */
  on?: Partial<Machine>;
}

/** `setup` on a machine with an empty home for each test, and the answers of a person. */
export function setupDialog() {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'whatsapp-setup-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));
  const machine = (): Machine => ({ ...thisMachine(), platform: 'linux', home, env: {} });
  return {
    home: () => home,
    fileOf: (client: ClientName): string => placesOf(client, machine())[0]?.file ?? '',
    async run(client: ClientName | '', options: SetupOptions = {}, answers: Answers = {}) {
      const { flags = {}, yes = true, chosen = '', on } = answers;
      let output = '';
      const asked: string[] = [];
      const code = await setup(client, flags, options, {
        terminal: createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 }),
        asker: {
          async confirm(question) {
            asked.push(question);
            return yes;
          },
          type: () => Promise.reject(new Error('not asked')),
          choose: async (_question, options) => options.find(({ label }) => label === chosen)?.value,
        },
        machine: { ...machine(), ...on },
      });
      return { code, output, asked };
    },
  };
}

/** Writes a file and its folders; returns its path. */
export function put(file: string, text: string | Buffer): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
