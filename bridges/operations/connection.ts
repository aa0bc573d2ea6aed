import * as z from 'zod';
import { e164 } from '../../src/domain/own-number.ts';
import { type BridgeState, bridgeStates } from '../../src/domain/states.ts';
import { operation } from './define.ts';
import { DeviceJid, Id, Moment, PairingCode, Platform, QrText, Remark } from './words.ts';

export const BridgeStateSchema = z.enum(Object.keys(bridgeStates) as [BridgeState, ...BridgeState[]]);

/** What somebody with the phone in hand needs to go on. */
const Pairing = z.object({
  state: BridgeStateSchema,
  flow_id: Id.optional(),
  qr: QrText.optional(),
  code: PairingCode.optional(),
  /** ISO 8601, UTC: when this QR text or code stops being valid. */
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
    /** `phone`, in E.164, is for method code; whoever calls has made it so of what a person wrote. */
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
          /** With the device number, except the phone's. */
          jid: DeviceJid,
          /** 0 is the phone. */
          device: z.number().int(),
          /** What the phone is, such as `android`; WhatsApp does not tell it of linked devices. */
          platform: Platform.optional(),
          /** Only on the device of the bridge that answers. */
          this_bridge: z.literal(true).optional(),
        }),
      ),
    }),
  }),
};
