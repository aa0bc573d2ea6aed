import { describe, expect, it } from 'vitest';
import { operations } from '../../bridges/operations/catalog.ts';
import { bridgeStates } from '../../src/domain/states.ts';
import { createRouter } from '../../src/router/router.ts';
import { routing } from '../../src/router/routing.ts';
import { fakeBridge, fakeBridges } from '../support/fakes/fake-bridge.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

const full = async () => ({ state: 'ready' as const, pending_chunks: 0 });

describe('routing', () => {
  it('lists every operation once', () => {
    const names = routing(fakeBridges(fakeBridge('baileys', 'ready'))).map(({ operation }) => operation);
    expect(names).toEqual(Object.keys(operations).sort());
  });

  it('names the bridge that would answer, and why', () => {
    const [route] = routing(fakeBridges(fakeBridge('baileys', 'ready', { 'history.full': full })), 'history.full');
    expect(route).toEqual({
      operation: 'history.full',
      summary: operations['history.full'].summary,
      route: ['baileys'],
      addressed: false,
      served_by: 'baileys',
      bridges: [{ bridge: 'baileys', can_serve: true, reason: 'ready: answers' }],
    });
  });

  it('reports a bridge without a handler as unable, whatever its state', () => {
    const [route] = routing(fakeBridges(fakeBridge('baileys', 'ready')), 'history.full');
    expect(route).toMatchObject({ served_by: null, bridges: [{ can_serve: false, reason: 'cannot do this' }] });
  });

  it('explains why a bridge has not reported its operations', () => {
    const whatsmeow = fakeBridge('whatsmeow', 'down');
    const [route] = routing(fakeBridges(fakeBridge('baileys', 'ready'), whatsmeow), 'connection.pair');
    expect(route?.bridges[1]).toEqual({ bridge: 'whatsmeow', can_serve: false, reason: 'down: is not connected' });
  });

  it('leaves the linked bridge to the caller', () => {
    const pair = async () => ({ state: 'pairing' as const, message: null });
    const [route] = routing(
      fakeBridges(fakeBridge('baileys', 'unlinked', { 'connection.pair': pair })),
      'connection.pair',
    );
    expect(route).toMatchObject({
      addressed: true,
      served_by: null,
      bridges: [
        { bridge: 'baileys', can_serve: true },
        { bridge: 'whatsmeow', can_serve: false },
      ],
    });
  });

  it.each(['unlinked', 'pairing', 'logged_out', 'syncing', 'ready', 'degraded'] as const)(
    'predicts the router in state %s',
    async (state) => {
      const bridges = fakeBridges(fakeBridge('baileys', state, { 'history.full': full }));
      const foretold = routing(bridges, 'history.full')[0]?.served_by;
      const served = await createRouter(() => bridges, quietLog().log)('history.full', {}).then(
        ({ served_by }) => served_by,
        () => null,
      );
      expect(foretold).toBe(served);
    },
  );

  it('counts on a bridge only in states in which it is or becomes connected; each other state has a reason', () => {
    const states = Object.keys(bridgeStates) as (keyof typeof bridgeStates)[];
    const routeIn = (state: (typeof states)[number]) =>
      routing(fakeBridges(fakeBridge('baileys', state, { 'history.full': full })), 'history.full')[0];
    const serving = states.filter((state) => routeIn(state)?.served_by === 'baileys');
    expect(serving).toEqual(['connecting', 'syncing', 'ready', 'degraded']);
    for (const state of states) expect(routeIn(state)?.bridges[0]?.reason).toMatch(new RegExp(`^${state}: \\w+`));
  });
});
