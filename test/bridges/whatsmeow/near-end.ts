import type { Bridge } from '../../../bridges/bridge.ts';
import type { Handler, OperationName, UnparsedHandlers } from '../../../bridges/operations/catalog.ts';
import { createWhatsmeowBridge, type Timing } from '../../../bridges/whatsmeow/client.ts';
import type { Config } from '../../../src/config.ts';
import { AppError } from '../../../src/domain/errors.ts';
import { parseReply } from '../../../src/router/reply.ts';
import { atEnd } from '../../support/at-end.ts';
import { testConfig } from '../../support/fakes/config.ts';
import { type FakeWaBridge, fakeSchema } from '../../support/fakes/fake-wa-bridge.ts';
import { quietLog } from '../../support/fakes/quiet-log.ts';

/** The client of a wa-bridge, with long timeouts for a test. */
export function nearEnd(
  { dataDir, url }: Pick<FakeWaBridge, 'dataDir' | 'url'>,
  options: { timing?: Timing; config?: Partial<Config> } = {},
): Bridge & { probe(): Promise<void> } {
  const bridge = createWhatsmeowBridge({
    config: { ...testConfig(dataDir), bridgeUrl: url, ...options.config },
    log: quietLog().log,
    knownSchema: fakeSchema,
    timing: { answer: 10_000, operation: 10_000, ...options.timing },
  });
  atEnd(() => bridge.close());
  return bridge as Bridge & { probe(): Promise<void> };
}

/** Asks as the router does: after a probe, and parses the reply. */
export async function ask<K extends OperationName>(bridge: Bridge, name: K, ...args: Parameters<Handler<K>>) {
  await bridge.probe?.();
  const handler = bridge.handlers[name] as UnparsedHandlers[K] | undefined;
  if (!handler) throw new Error(`no handler for ${name}`);
  return parseReply(bridge, name, await handler(...args));
}

/** Code and message of a call that fails with an AppError. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`, { cause: error });
  return { code: error.code, message: error.message };
}

export const somebody = { jid: '15550100002@s.whatsapp.net' };
export const profile = { is_business: true, description: 'Bread' };
