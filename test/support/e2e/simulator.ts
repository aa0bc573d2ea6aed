import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { atEnd } from '../at-end.ts';

/** A simulated WhatsApp in this process, stopped at the end of the test. */
export async function startWorld(options: { messages: number; seed?: number }): Promise<Simulator> {
  const simulator = await startSimulator({ ...options, strict: true });
  atEnd(() => simulator.stop());
  return simulator;
}
