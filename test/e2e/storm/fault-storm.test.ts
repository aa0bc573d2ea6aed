import { expect, test } from 'vitest';
import '../../../src/stdout.ts';
import { seeded } from '../../support/random.ts';
import { faultCases } from '../../support/storm/fault-cases.ts';
import { faultySession, undisturbedSession } from '../../support/storm/fault-storm.ts';

const samples = [
  ['history part dropped', 'cut in live traffic'],
  ['history parts reordered', 'login 403'],
  ['phone unlinks', 'media breaks off'],
  ['ciphertext corrupt', 'stream 515'],
] as const;

test('Whatever goes wrong in a session, alone or in pairs, it ends with the rows of a calm one', async () => {
  const expected = await undisturbedSession();
  const results = await Promise.all(
    samples.map(([first, second], n) => {
      const faults = [first, second].flatMap((name) => faultCases[name] ?? []);
      return faultySession(faults, seeded(n), expected);
    }),
  );
  expect(results.map(({ wrong }) => wrong)).toEqual(samples.map(() => []));
  expect(results.map(({ steps }) => steps.some((step) => ['restricted', 'logged_out'].includes(step)))).toEqual([
    false,
    true,
    true,
    false,
  ]);
}, 600_000);

test('A session that ends where nothing called for it, or has other rows, is found out', async () => {
  const { contents, found } = await undisturbedSession();
  const { ends: _ends, ...unknown } = faultCases['login 403'] ?? {};
  const lacking = { contents: { ...contents, messages: contents.messages.slice(1) }, found: found.slice(1) };
  const { wrong } = await faultySession([unknown], seeded(1), lacking);
  expect(wrong).toContain('ended restricted, which nothing called for');
  expect(wrong.filter((line) => line.startsWith('extra in messages'))).toHaveLength(1);
  expect(wrong).toContain('the search finds other messages');
}, 300_000);
