import { createApp } from '../app.ts';
import type { Sources } from '../config.ts';
import type { Asker } from './ask.ts';
import { interruptible } from './interrupt.ts';
import { UserError } from './refusal.ts';
import { loadConfigFor } from './simulated/simulator-document.ts';
import type { Terminal } from './terminal.ts';
import { ToolFailure, toolCalls } from './tool-call.ts';

export interface LogoutOptions {
  simulator?: string;
  yes?: boolean;
  json?: boolean;
}

const question = 'Unlink this device from your WhatsApp account? Stored messages stay.';

/** Removes the linked device from the account; exit code 0 when none is linked afterwards, 1 when the user declines. */
export async function logout(
  flags: Sources,
  options: LogoutOptions,
  { terminal, asker }: { terminal: Terminal; asker: Asker },
): Promise<number> {
  const config = await loadConfigFor(flags, options.simulator);
  const bridge = config.bridge === 'whatsmeow' ? 'whatsmeow' : 'baileys';
  if (options.yes !== true && !(await asker.confirm(question))) {
    terminal.say(options.json === true ? JSON.stringify({ was_linked: null }) : 'Nothing was changed.');
    return 1;
  }
  // Silent, because it closes the connection while WhatsApp is sending; the result has all that matters.
  const app = createApp({ ...config, logLevel: 'silent' });
  try {
    return await interruptible(async (signal) => {
      const answer = await toolCalls(app, signal, terminal).call('logout_device', { bridge }).catch(explain);
      const { state, was_linked } = answer;
      const words = was_linked ? '✅ Unlinked, on the phone too. Stored messages stay.' : 'No phone was linked.';
      terminal.say(options.json === true ? JSON.stringify({ state, was_linked }) : words);
      return 0;
    });
  } finally {
    await app.close();
  }
}

/** Errors here address a person at the phone, not an agent. */
function explain(error: unknown): never {
  if (!(error instanceof ToolFailure) || error.error.error_code !== 'bridge_unavailable') throw error;
  throw new UserError(
    `WhatsApp could not be reached, so the device stays linked: ${error.message}`,
    'Try again, or remove the device on the phone: Settings › Linked devices.',
    { cause: error },
  );
}
