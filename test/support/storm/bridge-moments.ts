import { setTimeout as after } from 'node:timers/promises';
import { dataPaths } from '../../../src/config.ts';
import { countRows } from '../e2e/database.ts';
import type { StormReads } from './bridge-reads.ts';
import type { BridgeSession } from './bridge-storm.ts';

export interface Scene {
  session: BridgeSession;
  reads: StormReads;
  random: () => number;
}

/** Resolves when wa-bridge is to be killed; false when the moment did not occur. */
type Moment = (scene: Scene) => Promise<boolean>;

/** The maximum wait for a moment, ms, so that one that does not occur does not block the storm. */
const maxMs = 2000;
const late = () => after(maxMs, false);

/** The moments at which wa-bridge is killed, in turn. */
export const moments: Record<string, Moment> = {
  'a random moment of the traffic': ({ random }) => after(random() * 1500, true),
  'an operation that it is asked for': ({ session, reads, random }) => {
    const asking = Promise.all([1, 2, 3, 4].map(() => reads.profile(session.server)));
    return Promise.race([asking.then(() => false), after(random() * 15, true)]);
  },
  'a live message that it has confirmed': ({ session: { simulator, devices } }) =>
    Promise.race([simulator.next('acked', ({ device }) => device === devices.whatsmeow).then(() => true), late()]),
  'a part of the history that it has confirmed': ({ session }) => partConfirmed(session),
  'a write in messages.db': ({ session }) => written(session),
  'a copy of history by the server': ({ session }) => inCopy(session),
};

async function partConfirmed(session: BridgeSession): Promise<boolean> {
  const { simulator, devices } = session;
  let part = '';
  const off = simulator.on('history_sent', ({ device, id }) => {
    if (device === devices.whatsmeow) part = id;
  });
  const confirmed = simulator.next('acked', ({ device, id }) => device === devices.whatsmeow && id === part);
  await session.sendPart();
  const hit = await Promise.race([confirmed.then(() => true), late()]);
  off();
  return hit;
}

/** wa-bridge sends an event after every commit; the next one is about to begin. */
async function written({ bridge }: BridgeSession): Promise<boolean> {
  const ending = new AbortController();
  const { body } = await bridge.fetch('/v1/events', { signal: ending.signal });
  const reader = body?.getReader();
  const heard = async () => {
    for (let said = ''; !said.includes('event: written'); ) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) return false;
      said = said.slice(-20) + Buffer.from(value ?? []).toString();
    }
    return true;
  };
  const hit = await Promise.race([heard().catch(() => false), late()]);
  ending.abort();
  return hit;
}

/** The first rows of a part are copied, and others are not. */
async function inCopy(session: BridgeSession): Promise<boolean> {
  const until = performance.now() + maxMs;
  const { partRows } = session.traffic;
  const { staging } = dataPaths(session.dataDir);
  await session.sendPart();
  while (countRows(staging, 'messages') < partRows && performance.now() < until) await after(2);
  const enough = session.rows + Math.min(partRows / 2, 1000);
  session.copyOn();
  while (session.rows < enough && session.isCopying && performance.now() < until) await after(1);
  return session.isCopying;
}
