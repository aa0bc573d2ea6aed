import type { Sources } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { interruptible } from './interrupt.ts';
import { simulatedApp } from './simulated.ts';
import { printable, type Terminal } from './terminal.ts';
import { type ToolCalls, toolCalls } from './tool-call.ts';

export interface DemoOptions {
  messages?: number;
}

/** The size of the simulated account when nobody asks for another. */
const usualMessages = 8432;
const searches = ['birthday', 'cumpleaños', 'день рождения', '誕生日', '생일', 'जन्मदिन', 'عيد ميلاد', 'วันเกิด'];

/**
 * Full history from pairing to a search, on a simulated account, through the same tools that an agent calls.
 * Exit code 0 when every message arrived and was found.
 */
export async function demo(flags: Sources, options: DemoOptions, terminal: Terminal): Promise<number> {
  const messages = options.messages ?? usualMessages;
  const app = simulatedApp('fresh', flags, { messages });
  try {
    return await interruptible(async (signal) => {
      const tools = toolCalls(app, signal, terminal);
      terminal.say('🚀 Starting complete history setup...');
      terminal.say(`   WhatsApp and the phone are simulated: nothing leaves this machine, nothing stays on it.`);
      terminal.say('='.repeat(60));
      await checkHealth(tools, terminal);
      await retrieve(tools, terminal);
      await copy(tools, terminal);
      await verify(tools, terminal, messages);
      await search(tools, terminal);
      terminal.say(`\n${'='.repeat(60)}\n🎉 History setup complete!`);
      return 0;
    });
  } finally {
    await app.close();
  }
}

async function checkHealth(tools: ToolCalls, terminal: Terminal): Promise<void> {
  terminal.say('\n[1/4] Checking backend health...');
  const health = await tools.call('backend_status');
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

async function search(tools: ToolCalls, terminal: Terminal): Promise<void> {
  for (const content of searches) {
    const found = await tools.call('query_synced_messages', { content, limit: 2 });
    if (found['total'] === 0) continue;
    terminal.say(`\n🔍 ${content}: ${found['total']} messages`);
    for (const message of found['messages'] as Record<string, string | null>[]) {
      const sender = printable(message['sender_name'] ?? 'Unknown');
      const text = printable(message['snippet'] || message['filename'] || '');
      terminal.say(`   [${message['timestamp']}] ${sender}: ${text}`);
    }
  }
}
