import type { BridgeId } from '../../../bridges/bridge.ts';
import { goVersion } from '../../../bridges/whatsmeow/build.ts';
import type { Config } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';

/**
 * Both where there is a Go that can build wa-bridge for the simulation, else Baileys alone, for which `say` is told the
 * reason; builds nothing. Throws `bridge_unavailable` where wa-bridge was asked for and there is no Go.
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
  if ((await goVersion()) !== undefined) return bridge === 'auto' ? ['baileys', 'whatsmeow'] : [bridge];
  const fault = 'there is no Go in the PATH that could build wa-bridge';
  if (bridge === 'whatsmeow') throw new AppError('bridge_unavailable', `The simulation needs Go: ${fault}.`);
  return alone(fault);
}
