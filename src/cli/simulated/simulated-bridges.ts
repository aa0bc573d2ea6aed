import type { BridgeId } from '../../../bridges/bridge.ts';
import { buildFault } from '../../../bridges/whatsmeow/binary.ts';
import { buildBridge } from '../../../bridges/whatsmeow/build.ts';
import type { Config } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';

/**
 * Both bridges if Go can build wa-bridge for the simulation, otherwise Baileys alone; passes the reason to `say`.
 * Throws `bridge_unavailable` when wa-bridge was requested and is not available.
 */
export async function bridgesForSimulation(
  { bridge }: Pick<Config, 'bridge'>,
  say: (line: string) => void,
): Promise<readonly BridgeId[]> {
  const alone = (reason: string): readonly BridgeId[] => {
    say(`Baileys alone: ${reason}.`);
    return ['baileys'];
  };
  if (bridge === 'baileys') return alone('the settings leave wa-bridge out');
  const onBuild = (): void => say('Building wa-bridge for the simulation (once, about a minute or two) …');
  const fault = await buildBridge({ simulator: true, onBuild }).then(
    (path) => (path === undefined ? 'there is no Go in the PATH that could build wa-bridge' : null),
    (error: unknown) => `wa-bridge could not be built: ${buildFault(error)}`,
  );
  if (fault === null) return bridge === 'auto' ? ['baileys', 'whatsmeow'] : [bridge];
  if (bridge === 'whatsmeow') throw new AppError('bridge_unavailable', `The simulation needs Go: ${fault}.`);
  return alone(fault);
}
