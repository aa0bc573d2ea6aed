/** Closed vocabularies. Types, schemas and documentation are derived from these lists. */

export const bridgeIds = ['baileys', 'whatsmeow'] as const;
export type BridgeId = (typeof bridgeIds)[number];

export const bridgeStates = {
  not_configured: 'this bridge was never set up; it does not count',
  unlinked: 'no phone is linked; pair first',
  pairing: 'waiting for the phone to scan or enter a code',
  connecting: 'credentials exist; the connection is being made',
  syncing: 'connected; history is still arriving',
  ready: 'connected and synced',
  degraded: 'connected, but something is wrong; the message says what',
  replaced: 'another program took over this linked device; it is not fought for',
  logged_out: 'the phone removed this device; pair again',
  restricted: 'WhatsApp restricted the account',
  outdated: 'WhatsApp refuses this client version; update the program',
  down: 'not running or not reachable',
} as const;
export type BridgeState = keyof typeof bridgeStates;

export const historyStatuses = {
  not_started: 'no history has arrived',
  in_progress: 'history is arriving',
  completed: 'the full history has arrived and is stored',
  completed_recent: 'the phone sent recent history only',
  stalled: 'nothing arrived for five minutes',
  failed: 'a part of the history could not be downloaded',
} as const;
export type HistoryStatus = keyof typeof historyStatuses;

export const checkpointStatuses = [
  'not_started',
  'in_progress',
  'completed',
  'exhausted',
  'unanswered',
  'interrupted',
  'cancelled',
  'failed',
] as const;
export type CheckpointStatus = (typeof checkpointStatuses)[number];

export const deliveryStates = ['queued', 'server', 'delivered', 'read', 'played', 'failed', 'unknown'] as const;
export type DeliveryState = (typeof deliveryStates)[number];
