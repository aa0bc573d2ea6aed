import { expect, test } from 'vitest';
import { proofRecord, readRecords } from '../proof/record.ts';

const records = readRecords();

test('every storm has left its last result', () => {
  expect([...records.keys()]).toEqual(
    expect.arrayContaining(['both-orders', 'bridge-kill', 'endurance', 'faults', 'interleave', 'kill', 'two-servers']),
  );
});

test.each([...records])('the result of %s has the one shape, and passed', (name, record) => {
  expect(proofRecord.parse(record)).toMatchObject({ name, result: 'passed' });
});
