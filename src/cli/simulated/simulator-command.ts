import { once } from 'node:events';
import { startSimulator } from '../../simulator/simulator.ts';
import { protocolOutput } from '../../stdout.ts';

export interface SimulatorCommandOptions {
  port?: number;
  messages?: number;
  seed?: number;
}

/**
 * Prints one JSON line with the address of the simulator's document and serves until stdin ends or a signal arrives;
 * then returns 0.
 */
export async function simulator(options: SimulatorCommandOptions): Promise<number> {
  const ended = Promise.race([
    once(process.stdin.resume(), 'close'),
    once(process.stdin, 'end'),
    ...['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)),
  ]);
  const simulated = await startSimulator(options);
  protocolOutput.write(`${JSON.stringify({ url: simulated.url })}\n`);
  await ended;
  await simulated.stop();
  return 0;
}
