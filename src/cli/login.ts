import { setTimeout as pause } from 'node:timers/promises';
import { createApp } from '../app.ts';
import type { Sources } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { interruptible } from './interrupt.ts';
import { loadConfig } from './settings.ts';
import { fetchSimulatorDocument } from './simulator-document.ts';
import type { Terminal } from './terminal.ts';
import { type ToolCalls, toolCalls } from './tool-call.ts';

export interface LoginOptions {
  simulator?: string;
  /** Own phone number: links by a code to type on the phone instead of a QR code to scan. */
  phone?: string;
}

/** The whole history of a large account, on a slow line. */
const historySeconds = 3 * 3600;

const scanSteps = 'On your phone: WhatsApp › Settings › Linked devices › Link a device, then scan this code.';
const codeSteps =
  'On your phone: WhatsApp › Settings › Linked devices › Link a device › Link with phone number instead, then type:';

/** Links a phone by a code on the terminal, then fetches and copies the history; exit code 0 when all of it is there. */
export async function login(flags: Sources, options: LoginOptions, terminal: Terminal): Promise<number> {
  const surroundings =
    options.simulator === undefined ? {} : { simulator: await fetchSimulatorDocument(options.simulator) };
  const app = createApp(loadConfig(flags, surroundings));
  try {
    return await interruptible(async (signal) => {
      const tools = toolCalls(app, signal, terminal);
      await link(tools, options.phone, terminal, signal);
      await fetchHistory(tools, terminal);
      return 0;
    });
  } finally {
    await app.close();
  }
}

async function link(
  tools: ToolCalls,
  phone: string | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const method = phone === undefined ? { method: 'qr' } : { method: 'code', phone };
  let pairing = await tools.call('start_pairing', { bridge: 'baileys', ...method });
  if (pairing['state'] !== 'pairing') return terminal.say('A phone is already linked.');
  terminal.say(phone === undefined ? scanSteps : codeSteps);
  let shown: unknown;
  while (pairing['state'] === 'pairing') {
    const code = pairing['code'] ?? pairing['qr'];
    if (typeof code === 'string' && code !== shown) {
      shown = code;
      const valid = `Valid for ${pairing['seconds_left']} seconds.`;
      const drawn = pairing['code'] === undefined ? await drawQr(code, terminal.isTty) : `\nCode: ${code}\n`;
      terminal.say(`${drawn}\n${valid}`);
    }
    await pause(250, undefined, { signal });
    pairing = await tools.call('get_pairing_status', { bridge: 'baileys' });
  }
  if (pairing['state'] === 'unlinked') throw new AppError('timeout', 'Nobody used the code in time.');
  terminal.say('✅ Linked');
}

/** Dark on light whatever the colours of the terminal; where there is no terminal, also as text to draw elsewhere. */
async function drawQr(qr: string, isTty: boolean): Promise<string> {
  const { default: qrCode } = await import('qrcode');
  if (isTty) return qrCode.toString(qr, { type: 'terminal', small: true, errorCorrectionLevel: 'L' });
  return `\n${await qrCode.toString(qr, { type: 'utf8', errorCorrectionLevel: 'L' })}\nQR text: ${qr}\n`;
}

async function fetchHistory(tools: ToolCalls, terminal: Terminal): Promise<void> {
  terminal.say('Fetching the history. It goes on as long as the phone sends it; keep the phone online.');
  const history = await tools.callWithProgress('retrieve_full_history', {
    wait_for_completion: true,
    timeout: historySeconds,
  });
  terminal.say(`✅ Retrieved ${history['messages_synced']} messages (${history['status']})`);
  const copied = await tools.callWithProgress('sync_history_to_database');
  terminal.say(`✅ Copied ${copied['messages_synced']} messages, ${copied['duplicates_skipped']} were there already`);
  const statistics = await tools.call('get_message_statistics');
  terminal.say(
    `   ${statistics['total_messages']} messages in ${statistics['total_chats']} chats can be searched now.`,
  );
}
