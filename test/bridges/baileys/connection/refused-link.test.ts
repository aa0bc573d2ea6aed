import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import { watchLinking } from '../../../../bridges/baileys/connection/linking.ts';
import type { AppError } from '../../../../src/domain/errors.ts';

function refusal(isByCode: boolean, code: string | undefined): AppError | undefined {
  const ws = new EventEmitter();
  let refused: AppError | undefined;
  watchLinking(
    { ws } as never,
    () => isByCode,
    (error) => {
      refused = error;
    },
  );
  const attrs: Record<string, string> = code === undefined ? {} : { code };
  ws.emit('CB:iq,type:error', { tag: 'iq', attrs: {}, content: [{ tag: 'error', attrs }] });
  return refused;
}

test.each([
  [true, '404', 'upstream_rejected', 'WhatsApp refused to link by a code for this number (404).'],
  [false, '404', 'upstream_rejected', 'WhatsApp refused to link this device (404).'],
  [false, undefined, 'upstream_rejected', 'WhatsApp refused to link this device (without a code).'],
  [true, '429', 'rate_limited', 'WhatsApp gives no more codes for this number at the moment.'],
  [false, '429', 'rate_limited', 'WhatsApp links no more devices at the moment.'],
])('By code %s, an error %s is told as what was asked for', (isByCode, code, error_code, message) => {
  expect(refusal(isByCode, code)).toMatchObject({ code: error_code, message });
});
