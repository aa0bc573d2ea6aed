import * as z from 'zod';
import { e164 } from '../../src/domain/own-number.ts';
import { type BridgeState, bridgeStates } from '../../src/domain/states.ts';
import { operation } from './define.ts';
import { DeviceJid, Id, Moment, PairingCode, Platform, QrText, Remark } from './words.ts';

export const BridgeStateSchema = z.enum(Object.keys(bridgeStates) as [BridgeState, ...BridgeState[]]);

/** What a person needs at the phone to continue. */
const Pairing = z.object({
  state: BridgeStateSchema,
  flow_id: Id.optional(),
  qr: QrText.optional(),
  code: PairingCode.optional(),
  /** When this QR text or code expires; ISO 8601, UTC. */
  expires_at: Moment.optional(),
  seconds_left: z.number().int().optional(),
  message: Remark.nullable(),
});

export const connection = {
  'connection.pair': operation({
    summary: 'Start linking a phone; an already linked bridge answers its state.',
    effect: 'write',
    repeat: 'never',
    route: 'addressed',
    // WhatsApp takes its time for the first QR text.
    timeoutMs: 45_000,
    answerTimeoutMs: 30_000,
    /** `phone` is for method `code`, in E.164; the caller has normalized it. */
    input: z.object({ method: z.enum(['qr', 'code']), phone: z.string().regex(e164).optional() }),
    output: Pairing,
  }),
  'connection.pairing_status': operation({
    summary: 'The current QR text or code, or the state after it.',
    effect: 'read',
    repeat: 'safe',
    route: 'addressed',
    input: z.object({}),
    output: Pairing,
  }),
  'connection.cancel_pairing': operation({
    summary: 'Stop a pairing that has not been completed.',
    effect: 'write',
    repeat: 'safe',
    route: 'addressed',
    input: z.object({}),
    output: z.object({ state: BridgeStateSchema }),
  }),
  'connection.logout': operation({
    summary: 'Remove this linked device from the account and forget its keys; received messages stay.',
    effect: 'destructive',
    repeat: 'safe',
    route: 'addressed',
    input: z.object({}),
    output: z.object({ state: BridgeStateSchema, was_linked: z.boolean() }),
  }),
  'connection.devices': operation({
    summary: 'The phone and the linked devices of the account, as WhatsApp lists them.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    lookup: { cacheSeconds: 60, rateLimited: false },
    input: z.object({}),
    output: z.object({
      devices: z.array(
        z.object({
          /** Includes the device number, except for the phone. */
          jid: DeviceJid,
          /** 0 is the phone. */
          device: z.number().int(),
          /** The system of the phone, such as `android`; WhatsApp does not send it for linked devices. */
          platform: Platform.optional(),
          /** Set only on the device of the answering bridge. */
          this_bridge: z.literal(true).optional(),
        }),
      ),
    }),
  }),
};
