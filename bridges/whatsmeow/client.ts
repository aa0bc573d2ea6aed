import { absentBridge } from '../absent.ts';
import type { Bridge } from '../bridge.ts';

/** The near end of wa-bridge. Nothing announces operations here yet, so the bridge counts as never set up. */
export function createWhatsmeowBridge(): Bridge {
  return absentBridge('whatsmeow', 'wa-bridge is not set up; Baileys answers instead.');
}
