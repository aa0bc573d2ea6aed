import * as z from 'zod';
import { BridgeStateSchema } from './connection.ts';
import { operation } from './define.ts';

export const history = {
  'history.full': operation({
    summary:
      'Connect and keep receiving the full history that the phone sends after pairing; retries parts that failed.',
    effect: 'read',
    repeat: 'safe',
    route: ['baileys'],
    input: z.object({}),
    output: z.object({ state: BridgeStateSchema, pending_chunks: z.number().int() }),
  }),
};
