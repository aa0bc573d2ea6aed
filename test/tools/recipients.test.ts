import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../bridges/operations/catalog.ts';
import { type App, createApp, type ToolOutcome } from '../../src/app.ts';
import { AppError } from '../../src/domain/errors.ts';
import { describeTool } from '../../src/server/describe.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { exampleFor } from '../support/e2e/tool-calls.ts';
import { testConfig } from '../support/fakes/config.ts';
import { fakeBridge, fakeBridges } from '../support/fakes/fake-bridge.ts';
import { fakeServices } from '../support/fakes/fake-services.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';
import { MessagesDb } from '../support/rows/messages-db.ts';

const ana = { pn: '15550101234@s.whatsapp.net', lid: '200000000000001@lid' };
const namesakes = ['15550101111@s.whatsapp.net', '15550102222@s.whatsapp.net'];
const messageId = 'MSG-OF-ANA';

/** Every argument of every tool that means a chat or a person: found by what an agent is told of it. */
const recipients = catalog.flatMap((tool) => {
  const { properties = {}, required = [] } = describeTool(tool).inputSchema as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties)
    .filter(([, { description = '' }]) => /\bJID\b/.test(description))
    .map(([argument, { description = '' }]) => ({
      name: tool.name,
      example: tool.example,
      argument,
      exact: description.includes('exact name'),
      offline: tool.uses.length === 0,
      others: required.filter((other) => other !== argument),
    }));
});

let db: MessagesDb;
let app: App;
let asked: unknown[];

beforeAll(() => {
  db = new MessagesDb();
  db.contact(ana.pn, { ...ana, saved_name: 'Ána Novák' });
  const chat = db.chat(ana.pn, { ...ana, unread_count: 1 });
  db.message(chat, { id: messageId, sender: ana.pn, content: 'by number' });
  db.message(chat, { sender: ana.lid, wire_chat: ana.lid, content: 'by hidden identity' });
  for (const jid of namesakes) db.message(db.chat(jid, { name: 'Kim' }), { sender: jid });
  const handlers = Object.fromEntries(
    Object.keys(operations).map((operation) => [
      operation,
      async (input: unknown) => {
        asked.push(input);
        throw new AppError('upstream_rejected', 'No.');
      },
    ]),
  );
  const bridges = fakeBridges(fakeBridge('baileys', 'ready', handlers));
  let now = Date.now();
  const later = () => (now += 60_000); // so that nothing is answered from memory, or called too much
  app = createApp(testConfig(), {
    services: fakeServices({ bridges, store: db.reader }),
    log: quietLog().log,
    now: later,
  });
});
afterAll(async () => {
  await app.close();
  db.close();
});

type Recipient = (typeof recipients)[number];

/** What a tool answers, and what it asked a bridge, when somebody is named like this. */
async function answer(tool: Recipient, who: string): Promise<{ outcome: ToolOutcome; asked: unknown[] }> {
  asked = [];
  const example = exampleFor(tool, { id: messageId, chat_jid: ana.pn });
  const rest = Object.fromEntries(tool.others.map((name) => [name, example[name]]));
  const outcome = await app.runTool(tool.name, { ...rest, [tool.argument]: who });
  return { outcome, asked };
}

const people = recipients.filter(({ argument }) => argument !== 'community_jid');

test('the arguments that mean somebody are found, and none is left out by its description', () => {
  expect(recipients.length).toBeGreaterThan(7);
  const found = new Set(recipients.map(({ name, argument }) => `${name}.${argument}`));
  const named = catalog.flatMap((tool) =>
    Object.keys(tool.input.shape)
      .filter((argument) => /(^|_)(jid|jids|chat|contact|sender|recipient)$/.test(argument))
      .map((argument) => `${tool.name}.${argument}`),
  );
  expect(named.filter((one) => !found.has(one))).toEqual([]);
});

// Tools about one community take no person; test/store/read/communities.test.ts has the forms of theirs.
test.each(people.map((tool) => [`${tool.name}(${tool.argument})`, tool] as const))(
  '%s means the same person by number, hidden identity, device, phone number as written, and name',
  async (_title, tool) => {
    const expected = await answer(tool, ana.pn);
    if (tool.offline) expect(expected.outcome).toMatchObject({ ok: true });
    else expect(expected.asked.length).toBeGreaterThan(0);
    const forms = [ana.lid, '15550101234:7@s.whatsapp.net', '200000000000001:12@lid', '15550101234@c.us'];
    for (const form of [...forms, '+1 555 010 1234', '15550101234', 'Ána Novák', ' ana novak ']) {
      expect(await answer(tool, form), form).toEqual(expected);
    }
  },
);

describe.each(recipients.map((tool) => [`${tool.name}(${tool.argument})`, tool] as const))('%s', (_title, tool) => {
  test.each(['@', '?!…', 'somebody@nowhere.example', '@lid'])(
    'refuses %s, which nobody can be called',
    async (rubbish) => {
      const { outcome, asked: requests } = await answer(tool, rubbish);
      expect(outcome).toMatchObject({ ok: false, error: { error_code: 'invalid_input' } });
      expect(requests).toEqual([]);
    },
  );
});

// A filter by a part of a name means everybody whose name has it.
test.each(recipients.filter(({ exact }) => exact).map((tool) => [tool.name, tool] as const))(
  '%s asks back when a name means several, with their addresses',
  async (_name, tool) => {
    const { outcome } = await answer(tool, 'kim');
    const candidates = namesakes.map((jid) => expect.objectContaining({ jid }));
    expect(outcome).toMatchObject({
      ok: false,
      error: { error_code: 'ambiguous_recipient', details: { candidates: expect.arrayContaining(candidates) } },
    });
  },
);
