import { setTimeout as pause } from 'node:timers/promises';
import type { Sources } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { interruptible } from './interrupt.ts';
import { type SimulatedApp, simulatedApp } from './simulated/simulated.ts';
import { receive } from './simulated/simulator-document.ts';
import { printable, type Terminal } from './terminal.ts';
import { type ToolCalls, toolCalls } from './tool-call.ts';

export interface DemoOptions {
  messages?: number;
}

/** The default size of the simulated account. */
const defaultMessages = 8432;
/** A text that does not occur in the history. */
const liveText = 'Shall we meet at the bandstand on the quayside?';
const searches = ['birthday', 'cumpleaños', 'день рождения', '誕生日', '생일', 'जन्मदिन', 'عيد ميلاد', 'วันเกิด'];

/**
 * Runs from pairing to a search on a simulated account, through the same tools that an agent calls. Exit code 0 when
 * every message arrived and was found.
 */
export async function demo(flags: Sources, options: DemoOptions, terminal: Terminal): Promise<number> {
  const messages = options.messages ?? defaultMessages;
  const app = simulatedApp('fresh', flags, { messages, say: (line) => terminal.say(`   ${line}`) });
  try {
    return await interruptible(async (signal) => {
      const tools = toolCalls(app, signal, terminal);
      terminal.say('🚀 Starting complete history setup...');
      terminal.say(`   WhatsApp and the phone are simulated: nothing leaves this machine, nothing stays on it.`);
      terminal.say('='.repeat(60));
      await joinSecondBridge({ app, terminal, signal });
      await checkHealth(tools, terminal);
      await retrieve(tools, terminal);
      await copy(tools, terminal);
      await verify(tools, terminal, messages);
      await checkBridges(tools, terminal);
      await search(tools, terminal);
      const { document } = await app.open(signal);
      await showLiveMessage({ tools, terminal, signal }, () => receive(document, liveText));
      terminal.say(`\n${'='.repeat(60)}\n🎉 History setup complete!`);
      return 0;
    });
  } finally {
    await app.close();
  }
}

/** So long nothing is shown: what was built before joins in this time. */
const unseenMs = 1_000;
const tickMs = 1_000;
const adviceMs = 60_000;

interface Joining {
  app: Pick<SimulatedApp, 'join'>;
  terminal: Terminal;
  signal: AbortSignal;
  /** Milliseconds of a clock that only goes forward, and how to wait. */
  now?: () => number;
  wait?: typeof pause;
}

/** Waits for wa-bridge, with a line that says for how long, and after a minute with a way to go on without it. */
export async function joinSecondBridge({
  app,
  terminal,
  signal,
  now = () => performance.now(),
  wait = pause,
}: Joining) {
  const begun = now();
  let fault: string | null | undefined;
  const joining = app.join(signal).then((found) => {
    fault = found;
  });
  let line = terminal.progress();
  let isAdvised = false;
  try {
    for (let ms = unseenMs; fault === undefined; ms = tickMs) {
      await Promise.race([joining, wait(ms, undefined, { signal })]);
      const passed = now() - begun;
      if (fault !== undefined || passed < unseenMs) continue;
      line.update(
        passed,
        null,
        `Getting wa-bridge ready, ${Math.floor(passed / 1000)} s: Go builds it once, which takes minutes`,
      );
      if (isAdvised || passed < adviceMs) continue;
      isAdvised = true;
      line.end();
      terminal.say('   To go on without it: Ctrl-C, then whatsapp-hybrid-mcp demo --bridge baileys');
      line = terminal.progress();
    }
  } finally {
    line.end();
  }
  if (fault !== null && fault !== undefined) terminal.say(`   Without wa-bridge: ${fault}`);
}

async function checkHealth(tools: ToolCalls, terminal: Terminal): Promise<void> {
  terminal.say('\n[1/4] Checking backend health...');
  let health = await tools.call('backend_status');
  // Each call waits a few seconds; a busy machine may need longer to connect two bridges at once.
  for (const until = Date.now() + connectMs; isConnecting(health) && Date.now() < until; ) {
    health = await tools.call('backend_status');
  }
  if (health['overall_status'] !== 'healthy') {
    throw new AppError('bridge_unavailable', `The backends are ${health['overall_status']}.`);
  }
  terminal.say('✅ Backends healthy');
}

async function retrieve(tools: ToolCalls, terminal: Terminal): Promise<void> {
  terminal.say('\n[2/4] Retrieving full history...');
  const result = await tools.callWithProgress('retrieve_full_history', { wait_for_completion: true, timeout: 1200 });
  terminal.say(`✅ Retrieved ${result['messages_synced']} messages`);
}

async function copy(tools: ToolCalls, terminal: Terminal): Promise<void> {
  terminal.say('\n[3/4] Syncing messages to the database...');
  const result = await tools.callWithProgress('sync_history_to_database');
  terminal.say(`✅ Synced ${result['messages_synced']} messages`);
  terminal.say(`   Duplicates skipped: ${result['duplicates_skipped']}`);
}

async function verify(tools: ToolCalls, terminal: Terminal, messages: number): Promise<void> {
  terminal.say('\n[4/4] Verifying message statistics...');
  const statistics = await tools.call('get_message_statistics');
  terminal.say('✅ Database now contains:');
  terminal.say(`   Total messages: ${statistics['total_messages']}`);
  terminal.say(`   Total chats: ${statistics['total_chats']}`);
  terminal.say(`   Media messages: ${statistics['media_messages']}`);
  terminal.say(`   Text messages: ${statistics['text_messages']}`);
  if (statistics['total_messages'] !== messages) {
    throw new AppError('database_sync_failed', `The simulated phone has ${messages} messages.`);
  }
}

type Fields = Record<string, unknown>;

const connectMs = 30_000;
const isConnecting = ({ baileys_bridge, go_bridge }: Fields): boolean =>
  [baileys_bridge, go_bridge].some((bridge) => (bridge as Fields)['state'] === 'connecting');

/** Checks the bridges once no connection is pending. */
async function checkBridges(tools: ToolCalls, terminal: Terminal): Promise<void> {
  const { overall_status, same_account, baileys_bridge, go_bridge } = await tools.call('backend_status');
  const [baileys, go] = [baileys_bridge as Fields, go_bridge as Fields];
  const both =
    go['state'] === 'not_configured'
      ? ''
      : `, whatsmeow ${go['state']}, same account: ${same_account === true ? 'yes' : 'no'}`;
  terminal.say(`   Bridges: baileys ${baileys['state']}${both}`);
  if (overall_status !== 'healthy' || same_account === false) {
    throw new AppError('bridge_unavailable', `The backends are ${overall_status}.`);
  }
}

async function search(tools: ToolCalls, terminal: Terminal): Promise<void> {
  for (const content of searches) {
    const found = await tools.call('query_synced_messages', { content, limit: 2 });
    if (found['total'] === 0) continue;
    terminal.say(`\n🔍 ${content}: ${found['total']} messages`);
    for (const message of found['messages'] as Record<string, string | null>[]) {
      const sender = printable(message['sender_name'] ?? 'Unknown');
      const text = printable(message['snippet'] || message['content'] || message['filename'] || '');
      terminal.say(`   [${message['timestamp']}] ${sender}: ${text}`);
    }
  }
}

interface Scene {
  tools: ToolCalls;
  terminal: Terminal;
  signal: AbortSignal;
}

/** Max wait for a live message, ms; new rows of either bridge usually appear within a second. */
const liveMs = 10_000;
const secondRowMs = 1_500;

/** Sends a live message to every linked device and checks that it becomes one row, whichever device is first. */
async function showLiveMessage({ tools, terminal, signal }: Scene, send: () => Promise<{ devices: number }>) {
  terminal.say('\n💬 Somebody writes...');
  const { devices } = await send();
  const found = async () => (await tools.call('query_synced_messages', { content: 'bandstand' }))['total'] as number;
  for (const until = Date.now() + liveMs; (await found()) === 0; ) {
    if (Date.now() > until) throw new AppError('timeout', 'The live message did not reach the database.');
    await pause(50, undefined, { signal });
  }
  await pause(secondRowMs, undefined, { signal });
  const rows = await found();
  const who = devices === 1 ? '1 linked device' : `${devices} linked devices`;
  terminal.say(`✅ Received by ${who}, stored ${rows === 1 ? 'once' : `${rows} times`}`);
  if (rows !== 1) throw new AppError('internal', 'A message was stored more than once.');
}
