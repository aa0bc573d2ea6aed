import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeId } from '../../bridges/bridge.ts';
import { type App, createApp } from '../app.ts';
import type { Sources } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { codeSteps, keepOnline, scanSteps } from '../page/steps.ts';
import { type HandoverFile, hasDisplay, openBrowser, writeHandover } from './browser.ts';
import { interruptible } from './interrupt.ts';
import { loadConfigFor } from './simulated/simulator-document.ts';
import { printable, type Terminal } from './terminal.ts';
import { type ToolCalls, toolCalls } from './tool-call.ts';

export interface LoginOptions {
  simulator?: string;
  /** Own phone number: links by a code that the user types on the phone instead of a QR code. */
  phone?: string;
  /** False: no browser is opened. */
  open?: boolean;
}

/** Enough for the whole history of a large account on a slow line. */
const historySeconds = 3 * 3600;
/** Max pairings in a row: WhatsApp renews its codes for a few minutes, then a new pairing starts. */
const maxPairings = 3;

/**
 * Links a phone through the terminal or a page, then fetches and copies the history; exit code 0 when it is complete.
 */
export async function login(flags: Sources, options: LoginOptions, terminal: Terminal): Promise<number> {
  const config = await loadConfigFor(flags, options.simulator);
  const bridge = config.bridge === 'whatsmeow' ? 'whatsmeow' : 'baileys';
  const app = createApp(config);
  const shower = pageShower(app, config.dataDir);
  try {
    return await interruptible(async (signal) => {
      const tools = toolCalls(app, signal, terminal);
      const show = options.open === false ? async () => false : shower.show;
      await link({ bridge, tools, terminal, signal, show }, options);
      await (bridge === 'baileys' ? fetchHistory(tools, terminal) : awaitBridge(tools, terminal, signal));
      await mentionOther({ tools, terminal });
      terminal.say('Next: connect your assistant with `whatsapp-hybrid-mcp setup`.');
      return 0;
    });
  } finally {
    await app.finishPage();
    shower.end();
    await app.close();
  }
}

/** Opens the page through a file that is removed after the browser has opened it, or at the end. */
function pageShower(app: Pick<App, 'inviteToPage'>, dataDir: string) {
  let file: HandoverFile | undefined;
  const end = () => file?.remove();
  return {
    async show(): Promise<boolean> {
      const url = hasDisplay(process) ? await app.inviteToPage(end) : undefined;
      if (url === undefined) return false;
      file = writeHandover(url, dataDir);
      return openBrowser(file.path);
    },
    end,
  };
}

export interface Linking {
  /** The bridge to link. */
  bridge: BridgeId;
  tools: Pick<ToolCalls, 'call'>;
  terminal: Terminal;
  signal: AbortSignal;
  /** Opens the page in a browser; resolves to whether there is one. */
  show(): Promise<boolean>;
}

/** Shows every new code until a phone is linked; throws `timeout` when none was used. */
export async function link(linking: Linking, { phone }: Pick<LoginOptions, 'phone'>): Promise<void> {
  const { bridge, tools, terminal } = linking;
  const method = phone === undefined ? { method: 'qr' } : { method: 'code', phone };
  for (let round = 0; round < maxPairings; round++) {
    const pairing = await tools.call('start_pairing', { bridge, ...method });
    if (pairing['state'] !== 'pairing') return terminal.say('A phone is already linked.');
    if (round === 0) await showPage(linking, pairing['page_url']);
    if ((await followPairing(linking, pairing)) !== 'unlinked') return terminal.say('✅ Linked');
    terminal.say('Nobody used the code in time.');
  }
  throw new AppError('timeout', 'The codes were not used.');
}

async function showPage({ terminal, show }: Linking, url: unknown): Promise<void> {
  if (typeof url !== 'string') return;
  terminal.say(`The same on a page of this computer (the address opens it once): ${url}`);
  if (await show()) terminal.say('It opens in your browser.');
  terminal.say();
}

/** Resolves to the state after the pairing. Also shows a code that was requested on the page. */
async function followPairing(
  { bridge, tools, terminal, signal }: Linking,
  begun: Record<string, unknown>,
): Promise<unknown> {
  let pairing = begun;
  let shown: unknown;
  let steps: readonly string[] | undefined;
  while (pairing['state'] === 'pairing') {
    const code = pairing['code'] ?? pairing['qr'];
    const how = pairing['code'] === undefined ? scanSteps : codeSteps;
    if (typeof code === 'string' && code !== shown) {
      shown = code;
      if (how !== steps) terminal.say(how.join('\n'));
      steps = how;
      await (how === scanSteps ? drawQr(code, terminal) : terminal.say(`\nCode: ${printable(code)}\n`));
      terminal.say(`Valid for ${pairing['seconds_left']} seconds.`);
    }
    await pause(250, undefined, { signal });
    pairing = await tools.call('get_pairing_status', { bridge });
  }
  return pairing['state'];
}

/** wa-bridge connects by itself and keeps receiving after this command. */
async function awaitBridge(tools: ToolCalls, terminal: Terminal, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { state } = await tools.call('get_pairing_status', { bridge: 'whatsmeow' });
    if (state !== 'connecting' && state !== 'pairing') {
      terminal.say(`wa-bridge: ${state}. It receives messages for as long as it runs.`);
      return;
    }
    await pause(250, undefined, { signal });
  }
}

/** Reminds a user of both bridges to link the other one too; each is a linked device of its own. */
export async function mentionOther({ tools, terminal }: Pick<Linking, 'tools' | 'terminal'>): Promise<void> {
  const { go_bridge } = await tools.call('backend_status');
  if ((go_bridge as { state: unknown }).state !== 'unlinked') return;
  terminal.say('wa-bridge runs and is not linked yet. Link it too: `whatsapp-hybrid-mcp login --bridge whatsmeow`.');
}

/** Draws dark on light in any terminal theme; without a terminal also prints the text, to draw elsewhere. */
async function drawQr(qr: string, terminal: Terminal): Promise<void> {
  const { default: qrCode } = await import('qrcode');
  if (terminal.isTty) {
    return terminal.draw(await qrCode.toString(qr, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }));
  }
  terminal.draw(`\n${await qrCode.toString(qr, { type: 'utf8', errorCorrectionLevel: 'L' })}`);
  terminal.say(`QR text: ${printable(qr)}\n`);
}

async function fetchHistory(tools: ToolCalls, terminal: Terminal): Promise<void> {
  terminal.say(`Fetching the history. ${keepOnline}`);
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
