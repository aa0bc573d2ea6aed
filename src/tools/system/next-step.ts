import type { BridgeId, BridgeState } from '../../domain/states.ts';
import { mismatchStep } from '../../router/account.ts';

/** What to do next while linking a phone, by the state of the bridge. */
const pairingSteps = {
  not_configured: 'This bridge is not set up; call start_pairing with bridge baileys.',
  unlinked: 'No phone is linked. Call start_pairing.',
  pairing:
    'On the phone open WhatsApp, Settings, Linked devices, Link a device; scan the QR or enter the code before expires_at. Then call get_pairing_status.',
  connecting: 'The phone is linked and the connection is being made. Call get_pairing_status again.',
  syncing: 'Linked; history is arriving. Call retrieve_full_history, then sync_history_to_database.',
  ready: 'Linked and connected. Nothing more to do here.',
  degraded: 'Linked, with a problem. Call backend_status for the reason.',
  replaced: 'Another program uses this linked device. Stop it, or remove the device on the phone and pair again.',
  logged_out: 'The phone removed this device. Call start_pairing to link it again.',
  restricted: 'WhatsApp restricted the account. Open WhatsApp on the phone for details.',
  outdated: 'WhatsApp refuses this version. Update whatsapp-hybrid-mcp.',
  down: 'Not connected. Call backend_status for the reason.',
} as const satisfies Record<BridgeState, string>;

export function pairingStep<P extends { state: BridgeState }>(pairing: P): P & { next_step: string } {
  return { ...pairing, next_step: pairingSteps[pairing.state] };
}

interface Status {
  overall_status: string;
  baileys_bridge: {
    state: BridgeState;
    missing_settings: readonly unknown[];
    owner?: { pid: number | null } | null;
  };
  go_bridge: { state: BridgeState; isBuilding?: true };
  database?: { healthy: boolean; next_step?: string };
  same_account?: boolean | null;
}

const settingsStep =
  'Names or chat settings are incomplete, see missing_settings. Open WhatsApp on the phone and keep it online; they are asked for again at the next connection.';

/** Where the reason says most: it stands in the message of that bridge, and never here. */
const reasonSteps = {
  baileys: 'The message of Baileys says why it is not connected; `whatsapp-hybrid-mcp doctor` looks deeper.',
  whatsmeow:
    'The message of wa-bridge says why it cannot be used. `whatsapp-hybrid-mcp bridge run` starts it, `whatsapp-hybrid-mcp doctor` looks deeper.',
} as const;
const buildingStep =
  'wa-bridge is being built and joins by itself; its message says since when. Go on meanwhile, or call backend_status again in a minute.';
const noBridge = 'No bridge is set up. The messages of the two bridges say what each needs.';
const ownerStep = (pid: number): string =>
  `Process ${pid} has the connection of Baileys. Nothing to do while it runs: this one takes over when it ends.`;

/** Adds the next step, in our own words, for the bridge that needs one; a healthy system that has everything needs none. */
export function statusStep<S extends Status>(status: S): S & { next_step?: string } {
  if (status.same_account === false) return { ...status, next_step: mismatchStep };
  const next_step = status.database?.next_step;
  if (next_step !== undefined) return { ...status, next_step };
  if (status.overall_status === 'healthy') {
    return status.baileys_bridge.missing_settings.length > 0 ? { ...status, next_step: settingsStep } : status;
  }
  const { baileys_bridge, go_bridge } = status;
  const configured = [baileys_bridge, go_bridge].filter(({ state }) => state !== 'not_configured');
  const ailing = configured.find(({ state }) => state !== 'syncing' && state !== 'ready');
  if (configured.length === 0) return { ...status, next_step: noBridge };
  if (!ailing) return { ...status, next_step: 'See database.message and the messages of the bridges.' };
  const owner = ailing === baileys_bridge ? baileys_bridge.owner?.pid : undefined;
  if (owner) return { ...status, next_step: ownerStep(owner) };
  if (ailing === go_bridge && go_bridge.isBuilding) return { ...status, next_step: buildingStep };
  return { ...status, next_step: stepFor(ailing.state, ailing === go_bridge ? 'whatsmeow' : 'baileys') };
}

function stepFor(state: BridgeState, bridge: BridgeId): string {
  if (state === 'degraded' || state === 'down') return reasonSteps[bridge];
  const step = pairingSteps[state];
  return bridge === 'whatsmeow' ? step.replace('start_pairing', 'start_pairing with bridge whatsmeow') : step;
}
