import { createApp } from '../app.ts';
import type { Sources } from '../config.ts';
import { interruptible } from './interrupt.ts';
import { loadConfigFor } from './simulated/simulator-document.ts';
import { printable, type Terminal } from './terminal.ts';
import { toolCalls } from './tool-call.ts';

export interface StatusOptions {
  json?: boolean;
  simulator?: string;
}

/** Prints the result of backend_status for a person or as JSON; exit code 0 when healthy. */
export async function status(flags: Sources, options: StatusOptions, terminal: Terminal): Promise<number> {
  const app = createApp(await loadConfigFor(flags, options.simulator));
  try {
    return await interruptible(async (signal) => {
      const answer = await toolCalls(app, signal, terminal).call('backend_status');
      terminal.say(options.json === true ? JSON.stringify(answer, null, 2) : describe(answer));
      return answer['overall_status'] === 'healthy' ? 0 : 1;
    });
  } finally {
    await app.close();
  }
}

type Fields = Record<string, unknown>;

function describe(answer: Fields): string {
  const database = answer['database'] as Fields;
  return [
    `Overall:   ${answer['overall_status']}`,
    `Baileys:   ${bridgeLine(answer['baileys_bridge'] as Fields)}`,
    `wa-bridge: ${bridgeLine(answer['go_bridge'] as Fields)}`,
    ...(answer['same_account'] === false ? ['Accounts:  the two bridges are linked to different ones'] : []),
    `Database:  ${database['healthy'] === true ? 'healthy' : 'unhealthy'}, ${database['total_messages']} messages`,
    `           ${database['path']}`,
    ...(typeof database['message'] === 'string' ? [`           ${printable(database['message'])}`] : []),
    ...(answer['next_step'] === undefined ? [] : [`Next:      ${printable(String(answer['next_step']))}`]),
  ].join('\n');
}

function bridgeLine(bridge: Fields): string {
  return [bridge['state'], bridge['linked'] === true ? `linked as ${bridge['jid']}` : 'not linked', bridge['message']]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .map((part) => printable(String(part)))
    .join(', ');
}
