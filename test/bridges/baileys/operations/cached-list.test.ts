import { describe, expect, it } from 'vitest';
import { CachedList, CachedLists } from '../../../../bridges/baileys/operations/cached-list.ts';
import type { WirePage } from '../../../../bridges/baileys/translate/business.ts';
import { business } from '../../../../bridges/operations/business.ts';
import { AppError } from '../../../../src/domain/errors.ts';

type Entry = { id: string };

const page = (ids: string[], after?: string): WirePage<Entry> => ({
  items: ids.map((id) => ({ id })),
  skipped: 0,
  after,
});
const never = () => false;
const { timeoutMs: readMs } = business['business.catalog'];

/** A list with its pages by cursor, '' for the first; records each read. */
function list(pages: Record<string, WirePage<Entry>>) {
  const read: string[] = [];
  const clock = { now: 1_000_000 };
  const shelf = new CachedList<Entry>(
    async (after = '') => {
      read.push(after);
      clock.now += 4_000;
      const found = pages[after];
      if (!found) throw new AppError('upstream_unanswered', 'nothing came');
      return found;
    },
    () => clock.now,
  );
  return { shelf, read, clock };
}

const ids = (shelf: CachedList<Entry>) => shelf.entries.map(({ id }) => id);

describe('a list', () => {
  it('is read to its end, and then not again', async () => {
    const { shelf, read } = list({ '': page(['1', '2'], 'a'), a: page(['3']) });
    await shelf.until(never, readMs);
    await shelf.until(never, readMs);
    expect([ids(shelf), read, shelf.hasEnded, shelf.isComplete]).toEqual([['1', '2', '3'], ['', 'a'], true, true]);
  });

  it('is read no further than there is enough, and from there on later', async () => {
    const { shelf, read } = list({ '': page(['1'], 'a'), a: page(['2'], 'b'), b: page(['3']) });
    await shelf.until(() => shelf.get('2') !== undefined, readMs);
    expect([read, shelf.hasEnded]).toEqual([['', 'a'], false]);
    await shelf.until(never, readMs);
    expect(read).toEqual(['', 'a', 'b']);
  });

  it.each([
    ['back to the first page', { '': page(['1'], 'a'), a: page(['2'], '') }],
    ['to itself', { '': page(['1'], 'a'), a: page(['2'], 'a') }],
    ['in a circle of several', { '': page(['1'], 'a'), a: page(['2'], 'b'), b: page(['3'], 'a') }],
    ['on without bringing anything new', { '': page(['1'], 'a'), a: page(['1'], 'b'), b: page(['1'], 'c') }],
    ['on from an empty page', { '': page([], 'a') }],
  ])('that leads %s is cut there, and not said to be whole', async (_, pages) => {
    const { shelf, read } = list(pages as Record<string, WirePage<Entry>>);
    expect(await shelf.until(never, readMs)).toBeUndefined();
    expect([shelf.hasEnded, shelf.isComplete]).toEqual([true, false]);
    expect(read.length).toBeLessThanOrEqual(3);
  });

  it('of which an entry could not be read is not whole', async () => {
    const { shelf } = list({ '': { ...page(['1']), skipped: 1 } });
    await shelf.until(never, readMs);
    expect([shelf.hasEnded, shelf.isComplete, shelf.skipped]).toEqual([true, false, 1]);
  });

  it('is read for 25 seconds at a time', async () => {
    const endless = new Proxy({}, { get: (_, key) => page([`p${String(key)}`], `${String(key)}.`) });
    const { shelf, read } = list(endless);
    await shelf.until(never, readMs);
    expect([read.length, shelf.hasEnded]).toEqual([7, false]);
    await shelf.until(never, readMs);
    expect(read.length).toBe(14);
  });

  it('gives what it has when the next page does not come, and fails when nothing ever came', async () => {
    const { shelf, read } = list({ '': page(['1'], 'lost') });
    expect(await shelf.until(never, readMs)).toMatchObject({ code: 'upstream_unanswered' });
    expect([ids(shelf), shelf.hasEnded]).toEqual([['1'], false]);
    expect(read).toEqual(['', 'lost']);
    await expect(list({}).shelf.until(never, readMs)).rejects.toMatchObject({ code: 'upstream_unanswered' });
  });

  it('does not take a defect for an end', async () => {
    const broken = new CachedList<Entry>(() => Promise.reject(new TypeError('a defect')), Date.now);
    await expect(broken.until(never, readMs)).rejects.toThrow('a defect');
  });

  it('goes on being read when one of two who wait gives up', async () => {
    const { shelf, read } = list({ '': page(['1']) });
    const controller = new AbortController();
    const [one, two] = [shelf.until(never, readMs, controller.signal), shelf.until(never, readMs)];
    controller.abort(new Error('enough'));
    await expect(one).rejects.toThrow('enough');
    expect(await two).toBeUndefined();
    expect([ids(shelf), read]).toEqual([['1'], ['']]);
  });
});

describe('what was read of many businesses', () => {
  function many() {
    const clock = { now: 0 };
    const read: string[] = [];
    const shelves = new CachedLists<Entry>(
      async (jid) => {
        read.push(jid);
        return page([jid]);
      },
      () => clock.now,
    );
    return { clock, read, look: (jid: string) => shelves.of(jid).until(never, readMs), shelves };
  }

  it('is good for five minutes and says its age', async () => {
    const { clock, read, look, shelves } = many();
    await look('a');
    clock.now = 299_999;
    await look('a');
    expect([read, shelves.of('a').age]).toEqual([['a'], 299]);
    clock.now = 300_000;
    await look('a');
    expect(read).toEqual(['a', 'a']);
  });

  it('is kept for twenty of them, the oldest going first', async () => {
    const { read, look } = many();
    for (let i = 0; i <= 20; i++) await look(`b${i}`);
    await look('b20');
    await look('b1');
    expect(read.length).toBe(21);
    await look('b0');
    expect(read.length).toBe(22);
  });

  it('is forgotten when it was worth nothing', async () => {
    const { read, look, shelves } = many();
    await look('a');
    shelves.drop('a');
    await look('a');
    expect(read).toEqual(['a', 'a']);
  });
});
