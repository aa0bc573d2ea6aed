import { expect, test } from 'vitest';
import { dataPaths } from '../../src/config.ts';
import { openStaging } from '../../src/store/staging/staging.ts';
import { createIngest } from '../../src/sync/ingest.ts';
import { temporaryDir } from '../support/e2e/program.ts';

test('Every login copies the live rows that an earlier process staged and did not copy', () => {
  const staging = openStaging(dataPaths(temporaryDir()).staging);
  let copies = 0;
  const sink = createIngest(staging, { quietMs: 100, onLive: () => copies++ });
  sink.onLinked({ jid: '15550100000@s.whatsapp.net', lid: null });
  expect(copies).toBe(1);
  expect(() => sink.onLinked({ jid: '15550100009@s.whatsapp.net', lid: null })).toThrow('another WhatsApp account');
  expect(copies).toBe(1);
  staging.close();
});
