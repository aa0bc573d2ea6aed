import * as z from 'zod';
import { bridgeIds } from '../../../bridges/bridge.ts';
import { operations } from '../../../bridges/operations/catalog.ts';
import { BridgeStateSchema } from '../../../bridges/operations/connection.ts';
import { ownNumber } from '../../domain/own-number.ts';
import { type HistoryStatus, historyStatuses } from '../../domain/states.ts';
import { weekdayNameOf } from '../../domain/time/moment.ts';
import { iso } from '../../domain/time.ts';
import { backendStatus, overallStatuses } from '../../router/backend-status.ts';
import { defineTool } from '../define.ts';
import { servedBy, servedFields } from '../result/served.ts';
import { storeStatus } from '../store-status.ts';
import { pairingStep, statusStep } from './next-step.ts';
import { qrImage } from './qr-image.ts';

const BridgeParam = z
  .enum(bridgeIds)
  .default('baileys')
  .describe('baileys, or whatsmeow (wa-bridge) where the user asks for it.');

const BridgeView = z.object({
  healthy: z.boolean(),
  state: BridgeStateSchema,
  linked: z.boolean(),
  connected: z.boolean(),
  jid: z.string().nullable(),
  message: z.string().nullable(),
});

/** The Baileys bridge receives the history; of several servers on one data directory, one has its connection. */
const BaileysView = BridgeView.extend({
  syncing: z.boolean(),
  messages_synced: z.number().int(),
  progress_percent: z.number(),
  known_gaps: z.number().int(),
  missing_settings: z.array(z.object({ what: z.string(), reason: z.string(), since: z.string() })),
  owner: z.object({ pid: z.number().int().nullable(), since: z.string().nullable() }).nullable(),
});

const DatabaseView = z.object({
  healthy: z.boolean(),
  path: z.string(),
  schema_version: z.number().int(),
  total_messages: z.number().int(),
  message: z.string().nullable(),
  next_step: z.string().optional(),
});

export const backendStatusTool = defineTool({
  name: 'backend_status',
  title: 'Health of bridges and database',
  description:
    'Reports whether WhatsApp can be reached and the message database works. Call it first, and whenever another tool fails. It connects linked devices and waits up to 5 seconds for them. A bridge is one connection to WhatsApp: new messages arrive while its state is syncing or ready; in state not_configured it does not count.',
  toolset: 'system',
  effect: 'read',
  openWorld: true,
  uses: [],
  input: z.object({}),
  example: {},
  output: z.object({
    overall_status: z.enum(overallStatuses),
    go_bridge: BridgeView.extend({
      url: z.string().nullable(),
      version: z.string().nullable(),
      latency_ms: z.number().nullable(),
      known_gaps: z.number().int(),
    }),
    baileys_bridge: BaileysView,
    database: DatabaseView,
    same_account: z.boolean().nullable(),
    clock: z.object({ now: z.string(), weekday: z.string(), zone: z.string() }),
    next_step: z.string().optional(),
  }),
  summary: (status) =>
    `Overall ${status.overall_status}. Baileys: ${status.baileys_bridge.state}. wa-bridge: ${status.go_bridge.state}. ${status.database.total_messages} messages stored.`,
  async run(_args, { bridges, history, store, now }) {
    await bridges.connectAll(5000);
    const { progress, database } = storeStatus(history, store.health());
    const clock = { now: iso(Math.floor(now.ms / 1000)), weekday: weekdayNameOf(now), zone: now.zone.name };
    return statusStep({ ...backendStatus(bridges.states(), progress, database), clock });
  },
});

export const getBaileysSyncStatus = defineTool({
  name: 'get_baileys_sync_status',
  title: 'Progress of history sync',
  description:
    'Shows how far the full history has arrived from the phone: percent, messages and chats so far. Use it to follow retrieve_full_history; answers at once. It counts what arrived, not what sync_history_to_database has copied: that is in get_sync_checkpoints, chat by chat.',
  toolset: 'system',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({}),
  example: {},
  output: z.object({
    syncing: z.boolean(),
    progress_percent: z.number(),
    messages_synced: z.number().int(),
    chats_synced: z.number().int(),
    status: z.enum(Object.keys(historyStatuses) as [HistoryStatus, ...HistoryStatus[]]),
    sync_type: z.string().nullable(),
    last_sync_time: z.string().nullable(),
    connected: z.boolean(),
  }),
  summary: (sync) =>
    `History ${sync.status}: ${sync.progress_percent.toFixed(1)}%, ${sync.messages_synced} messages in ${sync.chats_synced} chats.`,
  async run(_args, { bridges, history }) {
    await bridges.connectAll(0); // history only goes on arriving while the linked device is connected
    const progress = history.progress();
    return {
      syncing: progress.syncing,
      progress_percent: progress.progressPercent,
      messages_synced: progress.messagesSynced,
      chats_synced: progress.chatsSynced,
      status: progress.status,
      sync_type: progress.syncType,
      last_sync_time: progress.lastChunkAt === null ? null : new Date(progress.lastChunkAt).toISOString(),
      connected: bridges.states().baileys.connected,
    };
  },
});

const Pairing = operations['connection.pair'].output.extend({ next_step: z.string(), ...servedBy });

export const startPairing = defineTool({
  name: 'start_pairing',
  title: 'Link a phone',
  description:
    'Starts linking the user’s phone to this server when backend_status says unlinked or logged_out. Returns a QR code as text and as an image to show or, with method code, a code to type on the phone, and for how many seconds it is valid. page_url is a page on the user’s machine that shows the same and opens once: give it to the user. An already linked device answers its state. Then call get_pairing_status until the state is syncing or ready.',
  toolset: 'system',
  effect: 'write',
  openWorld: true,
  uses: ['connection.pair'],
  input: z.object({
    bridge: BridgeParam,
    method: z.enum(['qr', 'code']).default('qr').describe('qr: scan with the phone; code: type on the phone.'),
    phone: z.string().max(30).optional().describe('Own phone number in E.164; needed for method code.'),
  }),
  example: {},
  output: Pairing.extend({ page_url: z.string().optional() }),
  summary: ({ state, next_step }) => `State: ${state}. ${next_step}`,
  image: async ({ qr }) => (qr === undefined ? undefined : qrImage(qr)),
  async run({ bridge, method, phone }, { call, pairingPage }) {
    const input = method === 'code' ? { method, phone: ownNumber(phone) } : { method };
    const pairing = pairingStep(await call('connection.pair', input, { bridge }));
    const page_url = pairing.state === 'pairing' ? await pairingPage(bridge) : undefined;
    return page_url === undefined ? pairing : { ...pairing, page_url };
  },
});

export const getPairingStatus = defineTool({
  name: 'get_pairing_status',
  title: 'Progress of linking a phone',
  description:
    'Shows whether the pairing begun with start_pairing has succeeded, with the current QR text or code: they change every 20 to 60 seconds, so show the newest one, also when the user says that it expired. Call it every few seconds until the state is syncing or ready. When no pairing is under way any more, start_pairing begins anew.',
  toolset: 'system',
  effect: 'read',
  openWorld: true,
  uses: ['connection.pairing_status'],
  input: z.object({ bridge: BridgeParam }),
  example: {},
  output: Pairing,
  summary: ({ state, next_step }) => `State: ${state}. ${next_step}`,
  image: async ({ qr }) => (qr === undefined ? undefined : qrImage(qr)),
  run: async ({ bridge }, { call }) => pairingStep(await call('connection.pairing_status', {}, { bridge })),
});

export const cancelPairing = defineTool({
  name: 'cancel_pairing',
  title: 'Stop linking a phone',
  description:
    'Stops a pairing begun with start_pairing before the phone has scanned or entered the code; use it when the user has changed their mind, or before linking in another way. A device that is already linked stays linked: to unlink it use logout_device.',
  toolset: 'system',
  effect: 'write',
  openWorld: true,
  uses: ['connection.cancel_pairing'],
  input: z.object({ bridge: BridgeParam }),
  example: {},
  output: z.object({ state: BridgeStateSchema, ...servedBy }),
  summary: ({ state }) => `State: ${state}.`,
  run: ({ bridge }, { call }) => call('connection.cancel_pairing', {}, { bridge }),
});

export const getLinkedDevices = defineTool({
  name: 'get_linked_devices',
  title: 'Linked devices of the account',
  description:
    'Lists the phone (device 0) and the devices that are linked to the account, as WhatsApp knows them; this_bridge marks the one that answers. Use it to see whether strange devices read along, or how many are linked. It tells no names of them: the phone does, under Linked devices. To link: start_pairing.',
  toolset: 'system',
  effect: 'read',
  openWorld: true,
  uses: ['connection.devices'],
  input: z.object({}),
  example: {},
  output: operations['connection.devices'].output.extend(servedFields),
  summary: ({ devices }) => `${devices.length} devices, the phone included.`,
  run: (_args, { call }) => call('connection.devices', {}),
});

export const logoutDevice = defineTool({
  name: 'logout_device',
  title: 'Unlink this device',
  description:
    'Unlinks one bridge: removes its linked device from the account on WhatsApp and deletes its keys. Use it only when the user wants to unlink or to link anew; with two bridges linked, once for each. Stored messages stay and can still be read; receiving new ones then needs start_pairing. When no phone is linked, nothing happens.',
  toolset: 'system',
  effect: 'destructive',
  openWorld: true,
  uses: ['connection.logout'],
  input: z.object({ bridge: BridgeParam }),
  example: {},
  output: z.object({ state: BridgeStateSchema, was_linked: z.boolean(), ...servedBy }),
  summary: ({ was_linked }) => (was_linked ? 'The device was unlinked. Stored messages stay.' : 'No phone was linked.'),
  run: ({ bridge }, { call }) => call('connection.logout', {}, { bridge }),
});
