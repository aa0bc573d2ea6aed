import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prompts } from '../../src/prompts/catalog.ts';
import { type Connection, connect } from '../support/fakes/connect.ts';
import { fakeServices } from '../support/fakes/fake-services.ts';
import { canary, hostileNames, steers } from '../support/hostile/texts.ts';
import { community, hostileWorld } from '../support/hostile/world.ts';
import type { MessagesDb } from '../support/rows/messages-db.ts';

let world: MessagesDb;
let connection: Connection;
beforeAll(async () => {
  world = hostileWorld();
  connection = await connect(fakeServices({ store: world.reader }));
});
afterAll(async () => {
  await connection.client.close();
  world.close();
});

/** Every argument that stands for a chat, a person or a community: also of prompts that are added later. */
const named = prompts.flatMap((prompt) =>
  Object.entries(prompt.arguments)
    .filter(([, { completes }]) => typeof completes === 'string')
    .map(([argument, { completes }]) => ({ prompt, argument, subject: String(completes) })),
);

const cases = named.map((one) => [`${one.prompt.name}(${one.argument})`, one] as const);

/** The request that a prompt makes of this argument, or the error in its place. */
async function request({ prompt, argument }: (typeof named)[number], value: string): Promise<string> {
  const others = Object.entries(prompt.arguments).filter(([name, { required }]) => required && name !== argument);
  const given = { ...Object.fromEntries(others.map(([name]) => [name, 'tulips'])), [argument]: value };
  const got = await connection.client.getPrompt({ name: prompt.name, arguments: given }).catch((error: Error) => error);
  return got instanceof Error ? `refused: ${JSON.stringify([got.message, got])}` : JSON.stringify(got.messages);
}

test('Each kind of argument is among the prompts, and is tried', () => {
  expect(new Set(named.map(({ subject }) => subject))).toEqual(new Set(['chats', 'contacts', 'communities']));
});

describe.each(cases)('%s', (_, one) => {
  test('carries no word of a name that the store has, whoever has it', async () => {
    for (const name of Object.values(hostileNames)) {
      for (const given of [name, ` ${name.toLowerCase()} `, `~${name}`]) {
        const text = await request(one, given);
        expect(text.toLowerCase()).not.toContain(canary.toLowerCase());
        expect(text).not.toContain('Wren');
        expect(steers(text)).toBe(false);
      }
    }
  });

  test('makes an address of everything that its completion offers, or is refused', async () => {
    const { completion } = await connection.client.complete({
      ref: { type: 'ref/prompt', name: one.prompt.name },
      argument: { name: one.argument, value: '' },
    });
    expect(completion.values.length).toBeGreaterThan(0);
    for (const value of completion.values) {
      expect(steers(value), value).toBe(false);
      const text = await request(one, value);
      expect(text).toMatch(/\d@(s\.whatsapp\.net|lid|g\.us)|^refused/);
      expect(text).not.toContain(canary);
    }
  });

  test('refuses a marked name that nobody has any more', async () => {
    expect(await request(one, '~Gone in the meantime')).toMatch(/^refused(?!.*Gone)/);
  });
});

test('A community by the name that its members gave it is its address', async () => {
  const one = named.find(({ subject }) => subject === 'communities');
  expect(await request(one!, hostileNames.injection)).toContain(`Community: ${community}.`);
});
