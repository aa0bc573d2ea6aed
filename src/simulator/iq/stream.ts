import type { LinkedDevice } from '../account/device.ts';
import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import { sendHistory } from '../phone/history.ts';
import { shareAppStateKey } from '../phone/phone.ts';
import { node, SERVER } from '../wire/node.ts';
import { empty, type IqHandlers, unauthorized } from './handler.ts';

/** Delivers the waiting stanzas, then announces their end, then sends what the phone has for a new device. */
function activate(context: SimulatorContext, device: LinkedDevice): void {
  if (context.faults.hits('active')) {
    device.connection?.drop();
    return;
  }
  const redelivered = device.activate();
  context.counters.add('redelivered', redelivered);
  device.connection?.send(node('ib', { from: SERVER }, [node('offline', { count: redelivered })]));
  context.events.emit('active', { device: device.jid, redelivered });
  if (!device.historyStarted) void welcome(context, device);
  else announceIdle(context, device);
}

async function welcome(context: SimulatorContext, device: LinkedDevice): Promise<void> {
  device.historyStarted = true;
  try {
    await context.faults.asleep;
    if (!context.faults.withholdsKey()) await shareAppStateKey(context, device);
    if (context.historyOnLogin) await sendHistory(context, device);
  } catch (error) {
    context.log(`history for ${device.jid} failed: ${error}`);
  }
}

/** Requests about the connection itself. */
export const stream: IqHandlers = {
  'passive/set/active': ({ context, device }) => (device ? { after: () => activate(context, device) } : unauthorized),
  'passive/set/passive': ({ device }) => {
    if (device) device.active = false;
    return empty;
  },
  'w:p/get/ping': () => empty,
  'w:p/get': () => empty,
  'abt/get/props': () => ({ content: [node('props', { protocol: '1', hash: 'sim', refresh: 86_400 })] }),
  'urn:xmpp:whatsapp:dirty/set/clean': () => empty,
  'w:stats/set/add': () => empty,
};
