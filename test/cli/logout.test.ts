import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type LogoutOptions, logout } from '../../src/cli/logout.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { temporaryDir } from '../support/e2e/program.ts';

async function run(options: LogoutOptions, answer: boolean) {
  const dataDir = join(temporaryDir(), 'data');
  let output = '';
  const asked: string[] = [];
  const asker = {
    async confirm(question: string) {
      asked.push(question);
      return answer;
    },
    type: () => Promise.reject(new Error('yes or no is asked')),
    choose: () => Promise.reject(new Error('yes or no is asked')),
  };
  const terminal = createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 });
  const code = await logout({ WHATSAPP_DATA_DIR: dataDir }, options, { terminal, asker });
  return { code, output, asked, opened: existsSync(dataDir) };
}

test('logout asks first, and touches nothing when the answer is no', async () => {
  const { code, output, asked, opened } = await run({}, false);
  expect({ code, output, opened }).toEqual({ code: 1, output: 'Nothing was changed.\n', opened: false });
  expect(asked).toEqual([expect.stringContaining('Stored messages stay')]);
  expect(JSON.parse((await run({ json: true }, false)).output)).toEqual({ was_linked: null });
});

test('logout has nothing to do where no phone is linked', async () => {
  expect(await run({}, true)).toMatchObject({ code: 0, output: 'No phone was linked.\n' });
  const { output, asked } = await run({ yes: true, json: true }, false);
  expect({ asked, ...JSON.parse(output) }).toEqual({ asked: [], state: 'unlinked', was_linked: false });
});
