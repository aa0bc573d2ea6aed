import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/package.ts';
import { getChatAge } from '../support/e2e/page-tool.ts';
import { connect } from '../support/fakes/connect.ts';
import { fakeServices } from '../support/fakes/fake-services.ts';

it('get_chat_age answers the time of the first and the last message, and knows what it does not know', async () => {
  const { succeed, fail } = await connect(fakeServices(), [getChatAge]);
  const times = { oldest_message: '2025-02-01T10:00:00Z', newest_message: '2025-02-01T10:00:00Z' };
  expect(await succeed('get_chat_age', { chat_jid: '15550100001@s.whatsapp.net' })).toMatchObject(times);
  expect(await fail('get_chat_age', {})).toHaveProperty('error_code', 'invalid_input');
});

it('the page on the architecture shows this tool and this test', () => {
  const read = (path: string) => readFileSync(join(packageRoot(), path), 'utf8');
  const blocks = [...read('docs/architecture.md').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  const tool = read('test/support/e2e/page-tool.ts').replaceAll("'../../../src/tools/", "'../");
  const test = read('test/tools/page-tool.test.ts').split('\nit(')[1];
  expect(blocks[0]).toBe(tool);
  expect(blocks[1]?.split('\nit(')[1]?.trim()).toBe(test?.trim());
});
