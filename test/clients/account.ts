import { join } from 'node:path';
import { linkSimulated } from '../../src/cli/simulated/simulated-pairing.ts';
import { fetchSimulatorDocument, scan } from '../../src/cli/simulated/simulator-document.ts';
import { startSimulatorProcess } from '../../src/cli/simulated/simulator-process.ts';
import { connected, serverCommand } from './bed.ts';

export interface Account {
  /** The command that starts a server on it. */
  command: string[];
  stop(): void;
}

/**
 * A simulated account that is already linked and copied, so that each session starts at once: some clients allow a call
 * only a minute, and on a busy machine linking takes as long.
 */
export async function createAccount(home: string): Promise<Account> {
  const simulator = await startSimulatorProcess();
  try {
    const document = await fetchSimulatorDocument(simulator.url);
    const folder = join(home, 'account');
    const command = [...serverCommand('none'), '--simulator', simulator.url, '--data-dir', folder];
    await connected(command, home, async (call) => {
      const runTool = async (name: string, args: unknown) => {
        const value = await call(name, args as Record<string, unknown>);
        return { ok: true as const, value: { ...value, success: true as const }, summary: '' };
      };
      await linkSimulated({ runTool }, (qr) => scan(document, qr));
      await call('retrieve_full_history', { timeout: 100 });
      await call('sync_history_to_database', {});
    });
    return { command, stop: simulator.stop };
  } catch (error) {
    simulator.stop();
    throw error;
  }
}
