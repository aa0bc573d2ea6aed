import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { prompts } from '../../src/prompts/catalog.ts';
import { resources } from '../../src/resources/catalog.ts';
import { templateOf, uriOf } from '../../src/resources/define.ts';
import { type Bed, serverCommand, tapped } from './bed.ts';
import { expectRun, run } from './command.ts';
import type { Findings } from './findings.ts';

/** Its exit code when a tool answers with an error. */
const isErrorExit = 5;

interface Session {
  findings: Findings;
  bed: Bed;
  command: string;
  env: Record<string, string>;
}

/** mcpdo keeps one session open and sends all requests in it. */
export async function checkMcpdo(findings: Findings, bed: Bed, folder: string): Promise<void> {
  const command = join(folder, 'node_modules', '.bin', 'mcpdo');
  const daemon = { MCP_INSPECTOR_DAEMON_DIR: join(bed.home, 'd'), MCP_INSPECTOR_DAEMON_TOKEN: randomUUID() };
  const session: Session = {
    findings,
    bed,
    command,
    env: { ...bed.env, ...daemon, MCP_INSPECTOR_SECRET_STORE: 'file' },
  };
  try {
    await checkOffer(session);
    await checkWaiting(session);
  } finally {
    await run(command, ['daemon', 'stop'], { env: session.env });
  }
}

async function connect({ command, env, bed }: Session, name: 'synced' | 'endless') {
  const { wire, command: server } = tapped(bed, name, serverCommand(name));
  const connection = ['--format', 'json', '--connection', name];
  const ask = async (...args: string[]) => JSON.parse(await expectRun(command, [...connection, ...args], { env }));
  await ask('connect', '--', ...server);
  return { wire, connection, ask };
}

async function checkOffer(session: Session): Promise<void> {
  const { findings, bed } = session;
  const { wire, ask, connection } = await connect(session, 'synced');

  await findings.check('mcpdo: lists resources, templates and prompts', async () => {
    deepStrictEqual(
      uris((await ask('resources/list')).resources),
      resources.flatMap((one) => uriOf(one) ?? []),
    );
    const { resourceTemplates } = await ask('resources/templates/list');
    deepStrictEqual(
      uris(resourceTemplates),
      resources.flatMap((one) => templateOf(one) ?? []),
    );
    deepStrictEqual(
      (await ask('prompts/list')).prompts.map(({ name }: Named) => name),
      prompts.map(({ name }) => name),
    );
  });
  for (const uri of [...resources.flatMap((one) => uriOf(one) ?? []), ...chatUris(bed.chatJid)]) {
    await findings.check(`mcpdo: reads ${uri.split('/').slice(0, 4).join('/')}`, async () => {
      const { contents } = await ask('resources/read', uri);
      strictEqual(contents[0].uri, uri);
      ok(contents[0].text.length > 100);
    });
  }
  await findings.check('mcpdo: is told that a resource does not exist', async () => {
    const args = [...connection, 'resources/read', 'whatsapp://nothing'];
    const { code, stderr } = await run(session.command, args, { env: session.env });
    strictEqual(code === 0, false);
    match(stderr, /There is no resource with this address/);
  });
  await findings.check('mcpdo: is told what is wrong with a call', async () => {
    const args = [...connection, 'tools/call', 'list_chats', 'limit:=0'];
    const { code, stdout } = await run(session.command, args, { env: session.env });
    deepStrictEqual([code, JSON.parse(stdout).isError], [isErrorExit, true]);
  });
  await checkPromptsAndCompletions(session, ask);
  for (const [name, args] of bed.calls) {
    await findings.check(`mcpdo: ${name}`, async () => {
      const { structuredContent } = await ask('tools/call', name, '--tool-args-json', JSON.stringify(args));
      strictEqual(structuredContent.success, true);
    });
  }
  await ask('disconnect', 'synced');
  await wire.ended();
  await findings.check('mcpdo: asked for all of this, the server kept to the protocol', () => {
    deepStrictEqual(wire.faults(), []);
    ok(wire.messages.length > 50);
  });
  // This client can ask its user. A tool that asks needs an answer here.
  await findings.check('mcpdo: no tool asked the user', () => {
    const initialize = wire.messages.find(({ method }) => method === 'initialize');
    ok('elicitation' in (initialize?.params?.capabilities ?? {}));
    const asked = wire.messages.filter(({ from, method }) => from === 'server' && method?.startsWith('elicitation/'));
    deepStrictEqual(asked, []);
  });
  findings.skip('mcpdo: elicitation', 'no tool asks its user yet');
}

type Ask = Awaited<ReturnType<typeof connect>>['ask'];
type Named = { name: string };

async function checkPromptsAndCompletions({ findings, bed }: Session, ask: Ask): Promise<void> {
  const given: Record<string, string[]> = {
    find_message: ['--prompt-args', 'what=birthday'],
    summarize_chat: ['--prompt-args', `chat=${bed.chatJid}`],
    community_digest: ['--prompt-args', 'community=120363143634035041@g.us'],
  };
  for (const { name } of prompts) {
    await findings.check(`mcpdo: prompt ${name}`, async () => {
      const { messages: text } = await ask('prompts/get', name, ...(given[name] ?? []));
      match(text[0].content.text, /`\w+`/);
    });
  }
  const complete = (type: string, ref: string, name: string, value: string) =>
    ask(
      'prompts/complete',
      '--complete-ref-type',
      type,
      '--complete-ref',
      ref,
      '--complete-arg-name',
      name,
      '--complete-arg-value',
      value,
    );
  await findings.check('mcpdo: completes a chat by the beginning of its address', async () => {
    const typed = bed.chatJid.slice(0, -3);
    const template = 'whatsapp://chats/{chat_jid}';
    for (const answer of [
      await complete('ref/prompt', 'summarize_chat', 'chat', typed),
      await complete('ref/resource', template, 'chat_jid', typed),
    ]) {
      deepStrictEqual(answer.values ?? answer.completion.values, [bed.chatJid]);
    }
  });
}

/** A waiting call reports progress, and stops when cancelled. */
async function checkWaiting(session: Session): Promise<void> {
  const { findings, command, env } = session;
  const { wire, connection, ask } = await connect(session, 'endless');
  const token = 7;
  const call = ['tools/call', 'retrieve_full_history', 'timeout:=300', '--metadata', `progressToken=${token}`];
  const waiting = spawn(command, [...connection, ...call], { env: { ...process.env, ...env }, stdio: 'ignore' });
  const ended = once(waiting, 'close');
  await findings.check('mcpdo: hears of the progress of a call', async () => {
    const { params } = await wire.said(({ method }) => method === 'notifications/progress');
    strictEqual(params?.progressToken, token);
  });
  await findings.check('mcpdo: stops a call', async () => {
    waiting.kill('SIGINT');
    const { params } = await wire.said(({ from, method }) => from === 'client' && method === 'notifications/cancelled');
    strictEqual(params?.requestId, wire.messages.findLast(({ method }) => method === 'tools/call')?.id);
    await ended;
    strictEqual((await ask('tools/call', 'get_message_statistics')).structuredContent.success, true);
  });
  waiting.kill('SIGKILL');
  await ask('disconnect', 'endless');
  await wire.ended();
  await findings.check('mcpdo: stopped, the server kept to the protocol', () => deepStrictEqual(wire.faults(), []));
}

const uris = (list: { uri?: string; uriTemplate?: string }[]) => list.map(({ uri, uriTemplate }) => uri ?? uriTemplate);

const chatUris = (jid: string) => [
  `whatsapp://chats/${jid}`,
  `whatsapp://chats/${encodeURIComponent(jid)}/messages?limit=3`,
];
