import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Zone } from '../../../src/domain/time/zone.ts';
import { ours } from '../../../src/server/authorship.ts';
import { catalog } from '../../../src/tools/catalog.ts';
import { inZone, timeFields } from '../../../src/tools/result/times.ts';

const berlin = new Zone('Europe/Berlin');
const utc = '2025-03-12T09:20:30Z';
const local = '2025-03-12T10:20:30+01:00';

describe('a result in the zone of the user', () => {
  it('has its times there, wherever they stand, with their fractions', () => {
    const result = {
      last_sync_time: utc,
      messages: [
        { id: 'a', timestamp: utc },
        { id: 'b', timestamp: '2025-07-12T09:20:30.250Z' },
      ],
      message: { edits: [{ at: '2025-07-12T09:20:30.000Z' }], expires_at: null },
    };
    expect(inZone(result, berlin)).toEqual({
      last_sync_time: local,
      messages: [
        { id: 'a', timestamp: local },
        { id: 'b', timestamp: '2025-07-12T11:20:30.250+02:00' },
      ],
      message: { edits: [{ at: '2025-07-12T11:20:30.000+02:00' }], expires_at: null },
    });
  });

  it('has them there in our own sentences too', () => {
    const message = `Process 7 (since ${utc}) has it, until 2025-07-12T09:20:30.250Z.`;
    expect(inZone({ ok: false, error: { message } }, berlin)).toEqual({
      ok: false,
      error: { message: `Process 7 (since ${local}) has it, until 2025-07-12T11:20:30.250+02:00.` },
    });
  });

  it('keeps what other people wrote, and what is no time in UTC', () => {
    const result = {
      content: utc,
      name: utc,
      quoted: { text: utc },
      snippet: utc,
      since: 'yesterday',
      at: local,
      now: '',
    };
    expect(inZone(result, berlin)).toEqual(result);
  });

  it('is the same instant at the ends of what has four digits', () => {
    for (const at of ['9999-12-31T23:59:59.5Z', '0000-01-01T00:00:00Z', '+275760-09-13T00:00:00Z']) {
      const shown = inZone({ at }, new Zone('Pacific/Apia')).at;
      expect(Date.parse(shown)).toBe(Date.parse(at));
    }
  });

  it('is the result itself in UTC', () => {
    const result = { at: utc };
    expect(inZone(result, new Zone('UTC'))).toBe(result);
  });
});

describe('the fields that hold times', () => {
  /** Names in output schemas that sound like a time. */
  const named = new Set(
    catalog
      .flatMap(({ output }) => [...JSON.stringify(z.toJSONSchema(output, { io: 'output' })).matchAll(/"(\w+)":\{/g)])
      .map(([, name = '']) => name),
  );
  const sounding = [...named].filter((name) => /(^|_)(at|of|time|timestamp|since|until|now)$/.test(name));

  it('are all that sound like one in any result', () => {
    expect(sounding).toContain('timestamp');
    expect(sounding.filter((name) => !timeFields.has(name))).toEqual([]);
  });

  it('are all in some result, and none counts as written by others', () => {
    expect([...timeFields].filter((name) => !named.has(name))).toEqual([]);
    expect([...timeFields].filter((name) => !ours.has(name))).toEqual([]);
  });
});
