import type { BinaryNode } from '@whiskeysockets/baileys';
import type { Connection } from '../connection.ts';
import type { SimulatorContext } from '../context.ts';
import { children, node, SERVER } from '../wire/node.ts';
import { appState } from './app-state.ts';
import { business } from './business.ts';
import { encrypt } from './encrypt.ts';
import { groups } from './groups.ts';
import type { IqHandlers } from './handler.ts';
import { linking } from './linking.ts';
import { media } from './media.ts';
import { people } from './people.ts';
import { privacy } from './privacy.ts';
import { stream } from './stream.ts';
import { usync } from './usync.ts';

/** The handlers of all known requests, by kind. */
const handlers: IqHandlers = {
  ...stream,
  ...encrypt,
  ...privacy,
  ...appState,
  ...usync,
  ...media,
  ...groups,
  ...people,
  ...linking,
  ...business,
};

/** `xmlns/type/child`: the kind of a request. */
export function kindOf(iq: BinaryNode): string {
  return [iq.attrs['xmlns'], iq.attrs['type'], children(iq)[0]?.tag].filter(Boolean).join('/');
}

const notImplemented = node('error', { code: 501, text: 'feature-not-implemented' });

/**
 * Answers one request. Counts a request without a handler and answers it as WhatsApp does: 501 to a get, an empty
 * result to a set.
 */
export async function answerIq(context: SimulatorContext, connection: Connection, iq: BinaryNode): Promise<void> {
  const kind = kindOf(iq);
  const { id, type, to } = iq.attrs;
  if (type !== 'get' && type !== 'set') return;
  context.counters.iq(kind);
  const reply = (answer: 'result' | 'error', content?: BinaryNode[]) =>
    connection.send(node('iq', { id, from: to ?? SERVER, type: answer }, content));
  const planned = context.faults.nextIq(kind);
  if (planned === 0) return;
  if (planned !== undefined) return reply('error', [node('error', { code: planned, text: 'planned' })]);
  const handler = handlers[kind];
  if (!handler) {
    context.counters.unanswered(kind);
    context.events.emit('unanswered_iq', { device: connection.device?.jid ?? null, kind });
    return type === 'get' ? reply('error', [notImplemented]) : reply('result');
  }
  const answer = await handler({ context, connection, device: connection.device, iq });
  if ('error' in answer) return reply('error', [node('error', { code: answer.error, text: answer.text })]);
  reply('result', answer.content);
  answer.after?.();
}
