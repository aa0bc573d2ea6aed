import { expect, test } from 'vitest';
import { proofRecord, readRecords } from '../proof/record.ts';

const records = readRecords();

test('every storm has left its last result', () => {
  expect([...records.keys()]).toEqual(
    expect.arrayContaining([
      'both-orders',
      'bridge-kill',
      'damage',
      'endurance',
      'faults',
      'interleave',
      'kill',
      'rights',
      'salvage',
      'two-servers',
    ]),
  );
});

test.each([...records])('the result of %s has the one shape, and passed', (name, record) => {
  expect(proofRecord.parse(record)).toMatchObject({ name, result: 'passed' });
});
