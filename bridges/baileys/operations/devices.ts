import { normalizeJid } from '../../../src/domain/jid.ts';
import type { Handlers, OperationOutput } from '../../operations/catalog.ts';
import { deviceNumbersOf } from '../translate/usync.ts';
import { abortable } from './abortable.ts';
import type { OperationContext } from './context.ts';
import { askPeople } from './people.ts';
import { element, emptyAnswer } from './query.ts';

export function devicesHandlers(context: OperationContext) {
  return {
    'connection.devices': (_, signal) => abortable(devices(context), signal),
  } satisfies Partial<Handlers>;
}

async function devices(context: OperationContext): Promise<OperationOutput<'connection.devices'>> {
  const { me, platform } = (await context.socket()).authState.creds;
  const own = normalizeJid(me?.id) ?? '';
  const here = Number(/:(\d+)@/.exec(me?.id ?? '')?.[1] ?? 0);
  const asked = [element('devices', { version: '2' })];
  const users = await askPeople(context, asked, [element('user', { jid: own })], 'linked devices');
  const numbers = deviceNumbersOf(users);
  if (!numbers) throw emptyAnswer('linked devices');
  return {
    devices: numbers.map((device) => ({
      jid: device === 0 ? own : own.replace('@', `:${device}@`),
      device,
      ...(device === 0 && platform && { platform }),
      ...(device === here && { this_bridge: true as const }),
    })),
  };
}
