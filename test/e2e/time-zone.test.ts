import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Answer, serve } from '../support/e2e/client.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { type AnyMessage, toolCalls } from '../support/e2e/tool-calls.ts';

/** Times of a result that are written in UTC, with the way to each. */
function inUtc(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return /\d\d:\d\d:\d\d(?:\.\d+)?Z/.test(value) ? [`${path}: ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => inUtc(part, `${path}.${name}`));
}

describe('In the zone that the user named', () => {
  test('words mean its days, every tool shows its times, and the instructions name it', async () => {
    const { client, call, failure } = await serve(['--simulated=synced'], { WHATSAPP_TIME_ZONE: 'Asia/Kathmandu' });
    expect(client.getInstructions()).toMatch(
      /the user's zone, Asia\/Kathmandu; .*Today is [A-Z][a-z]+day, \d{4}-\d\d-\d\d\. Later, ask backend_status\./,
    );
    expect((await call('backend_status'))['clock']).toEqual({
      now: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:45$/),
      weekday: expect.stringMatching(/day$/),
      zone: 'Asia/Kathmandu',
    });

    const all = await call('query_synced_messages', { limit: 1 });
    const found = await call('query_synced_messages', {
      after_time: ' Last  Monday ',
      before_time: '1970-02-01',
      limit: 1,
    });
    expect(found['time_used']).toMatchObject({
      after_time: expect.stringMatching(/T00:00:00\+05:45$/),
      before_time: '1970-02-01T00:00:00+05:30', // the offset of that year
      zone: 'Asia/Kathmandu',
    });
    expect(found['total']).toBe(0);
    expect(await call('query_synced_messages', { after_time: '2001', limit: 1 })).toMatchObject({
      total: all['total'],
    });
    expect(await failure('list_messages', { chat_jid: 'Family', after_time: 'long ago' })).toMatchObject({
      error_code: 'invalid_input',
      hint: expect.stringContaining('last monday'),
    });

    const [message] = all['messages'] as [Answer & AnyMessage];
    expect(message['timestamp']).toMatch(/\+05:45$/);
    for (const [name, args] of toolCalls(message)) {
      const result = await client.callTool({ name, arguments: args }, undefined, { timeout: 240_000 });
      expect(result.isError, name).toBeFalsy();
      expect(inUtc(result), name).toEqual([]);
    }
  });

  test('which `.env` may say too, the client is greeted', async () => {
    const dataDir = temporaryDir();
    writeFileSync(join(dataDir, '.env'), 'WHATSAPP_TIME_ZONE=America/St_Johns\n');
    const { client, call } = await serve(['--data-dir', dataDir]);
    expect(client.getInstructions()).toContain("the user's zone, America/St_Johns;");
    expect((await call('backend_status'))['clock']).toMatchObject({ zone: 'America/St_Johns' });
  });

  test('or else in that of the machine', async () => {
    const { client, call } = await serve([], { TZ: 'Pacific/Apia', WHATSAPP_DATA_DIR: temporaryDir() });
    expect(client.getInstructions()).toContain("the user's zone, Pacific/Apia;");
    expect((await call('backend_status'))['clock']).toMatchObject({ now: expect.stringMatching(/\+13:00$/) });
  });
});
