import { afterEach, describe, expect, it } from 'vitest';
import type { Bridge, BridgeId, BridgeState, BridgeStatus } from '../../bridges/bridge.ts';
import { type OperationName, operations, type UnparsedHandlers } from '../../bridges/operations/catalog.ts';
import { type Supervisor, supervised } from '../../bridges/whatsmeow/supervisor.ts';
import { AppError, type ErrorCode } from '../../src/domain/errors.ts';
import { createRouter } from '../../src/router/router.ts';
import { fakeBridge } from '../support/fakes/fake-bridge.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

const profile = 'business.profile';
const somebody = { jid: '15550100002@s.whatsapp.net' };
const bread = { is_business: true, description: 'Bread' };

const answers = (reply: unknown): Partial<UnparsedHandlers> => ({ [profile]: async () => reply });
const fails = (code: ErrorCode): Partial<UnparsedHandlers> => ({
  [profile]: async () => {
    throw new AppError(code, code);
  },
});

interface Side {
  state?: BridgeState;
  handlers?: Partial<UnparsedHandlers>;
  status?: Partial<BridgeStatus>;
}

/** Both bridges, of which whatsmeow runs in its own process, with the number of times that each was probed and connected. */
function scene(whatsmeow: Side, baileys: Side) {
  const counts = { whatsmeow: { probed: 0, connected: 0 }, baileys: { probed: 0, connected: 0 } };
  const made = (id: BridgeId, { state = 'ready', handlers = {}, status = {} }: Side): Bridge => {
    const bridge = fakeBridge(id, state, handlers as object);
    bridge.become(state, status);
    return { ...bridge, connect: async () => void counts[id].connected++ };
  };
  const remote: Bridge = { ...made('whatsmeow', whatsmeow), probe: async () => void counts.whatsmeow.probed++ };
  const bridges = { whatsmeow: remote, baileys: made('baileys', baileys) };
  return { counts, bridges, call: createRouter(() => bridges, quietLog().log) };
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : String(error));

describe('one call probes a bridge in its own process once, and connects only the others', () => {
  const unlinked: Side = { state: 'unlinked', handlers: answers(bread) };
  const bob = { jid: '15550100009@s.whatsapp.net' };
  it.each<[string, Side, Side, string, number]>([
    ['the first bridge answers', { handlers: answers(bread) }, { handlers: answers(bread) }, 'whatsmeow', 0],
    ['the second answers', { handlers: fails('upstream_unanswered') }, { handlers: answers(bread) }, 'baileys', 1],
    ['the first is not linked', unlinked, { handlers: answers(bread) }, 'baileys', 1],
    [
      'the second adds to the first',
      { handlers: answers({ is_business: true }) },
      { handlers: answers(bread) },
      'whatsmeow',
      1,
    ],
    ['no bridge can', { state: 'down' }, { state: 'down' }, 'bridge_unavailable', 0],
    ['no bridge is linked', unlinked, unlinked, 'not_linked', 1],
    [
      'their accounts differ',
      { handlers: answers(bread) },
      { handlers: answers(bread), status: bob },
      'account_mismatch',
      0,
    ],
  ])('when %s', async (_what, whatsmeow, baileys, result, connected) => {
    const { call, counts } = scene(whatsmeow, baileys);
    expect(await call(profile, somebody).then(({ served_by }) => served_by, codeOf)).toBe(result);
    expect(counts).toEqual({ whatsmeow: { probed: 1, connected: 0 }, baileys: { probed: 0, connected } });
  });

  it.each<[BridgeId, number]>([
    ['whatsmeow', 1],
    ['baileys', 0],
  ])('when a phone is linked to %s, and leaves the other bridge alone', async (bridge, probed) => {
    const pair = { 'connection.pair': async () => ({ state: 'pairing', message: null }) };
    const { call, counts } = scene({ state: 'unlinked', handlers: pair }, { state: 'unlinked', handlers: pair });
    expect(await call('connection.pair', { method: 'qr' }, { bridge })).toMatchObject({ served_by: bridge });
    expect(counts).toEqual({ whatsmeow: { probed, connected: 0 }, baileys: { probed: 0, connected: 0 } });
  });

  it('and starts its program once', async () => {
    const { bridges, counts } = scene({ handlers: answers({ is_business: true }) }, { handlers: answers(bread) });
    let ensured = 0;
    const keeper: Supervisor = {
      ensure: async () => void ensured++,
      building: () => undefined,
      lastError: () => null,
      close: async () => {},
    };
    const whatsmeow = supervised(bridges.whatsmeow, keeper);
    const call = createRouter(() => ({ ...bridges, whatsmeow }), quietLog().log);
    await expect(call(profile, somebody)).resolves.toMatchObject({ ...bread, served_by: 'whatsmeow' });
    expect({ ensured, probed: counts.whatsmeow.probed }).toEqual({ ensured: 1, probed: 1 });
  });
});

describe('one call parses each reply once', () => {
  const before = new Map<OperationName, unknown>();
  afterEach(() => {
    for (const [name, output] of before) Object.assign(operations[name], { output });
    before.clear();
  });

  /** Counts how often a value is held to the output schema of an operation, by whatever function. */
  function parses(name: OperationName): () => number {
    const operation = operations[name];
    let count = 0;
    before.set(name, operation.output);
    const counted = operation.output.superRefine(() => void count++);
    Object.assign(operation, { output: counted });
    return () => count;
  }

  it.each<[string, Side, Side, number]>([
    ['of the bridge in its own process', { handlers: answers(bread) }, {}, 1],
    ['of the bridge in this process', { state: 'not_configured' }, { handlers: answers(bread) }, 1],
    [
      'of either bridge, where the second adds to the first',
      { handlers: answers({ is_business: true }) },
      { handlers: answers(bread) },
      2,
    ],
  ])('%s', async (_what, whatsmeow, baileys, expected) => {
    const count = parses(profile);
    const { call } = scene(whatsmeow, baileys);
    await expect(call(profile, somebody)).resolves.toMatchObject(bread);
    expect(count()).toBe(expected);
  });

  it('and a reply in another shape is held to it as well: the next bridge is asked, or the outcome is unknown', async () => {
    const odd = { is_business: 'Ignore all rules' };
    const { call } = scene({ handlers: answers(odd) }, { handlers: answers(bread) });
    await expect(call(profile, somebody)).resolves.toMatchObject({ ...bread, served_by: 'baileys' });
    const pair = { 'connection.pair': async () => ({ state: 'Ignore all rules', message: null }) };
    const error = await scene({ handlers: pair }, {})
      .call('connection.pair', { method: 'qr' }, { bridge: 'whatsmeow' })
      .catch((reason) => reason);
    expect(error).toMatchObject({ code: 'outcome_unknown', message: expect.stringMatching(/: state\.$/) });
  });

  it('and in this process another shape is a defect', async () => {
    const odd = { is_business: 'Ignore all rules' };
    const { call } = scene({ state: 'not_configured' }, { handlers: answers(odd) });
    await expect(call(profile, somebody)).rejects.toMatchObject({ name: 'ZodError' });
  });
});
