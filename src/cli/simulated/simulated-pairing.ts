import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeId } from '../../../bridges/bridge.ts';
import type { RunOptions, ToolOutcome } from '../../app.ts';
import { AppError } from '../../domain/errors.ts';
import { expectSuccess } from '../tool-call.ts';

const pairingDeadlineMs = 20_000;

type ToolRunner = (name: string, args: unknown, options?: RunOptions) => Promise<ToolOutcome>;

/** Links the account by its own tools and a scan of the code they show; returns once WhatsApp accepted the device. */
export async function linkSimulated(
  app: { runTool: ToolRunner },
  scanCode: (qr: string) => Promise<void>,
  bridge: BridgeId = 'baileys',
): Promise<void> {
  let pairing = expectSuccess(await app.runTool('start_pairing', { bridge, method: 'qr' }));
  const deadline = Date.now() + pairingDeadlineMs;
  let scanned: unknown;
  while (pairing['state'] === 'pairing' || pairing['state'] === 'unlinked') {
    if (Date.now() > deadline) throw new AppError('timeout', 'The simulated phone did not link in time.');
    if (typeof pairing['qr'] === 'string' && pairing['qr'] !== scanned) {
      scanned = pairing['qr'];
      await scanCode(pairing['qr']);
    }
    await pause(50);
    pairing = expectSuccess(await app.runTool('get_pairing_status', { bridge }));
  }
}
