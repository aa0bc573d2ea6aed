import { describe, expect, it } from 'vitest';
import { ownNumber } from '../../src/domain/own-number.ts';

describe('The own number', () => {
  it.each([
    ['+1 555 010-0001', '+15550100001'],
    ['0015550100001', '+15550100001'],
    ['1 (555) 010.0001', '+15550100001'],
    ['+44 20 7946 0123', '+442079460123'],
    ['15550100001', '+15550100001'],
  ])('%s is %s, as every bridge takes it', (written, number) => {
    expect(ownNumber(written)).toBe(number);
  });

  it.each([
    '',
    '12',
    '5550100',
    '+44 (0)20 7946 0000',
    '+44 (0) 20 7946 0123',
    'my phone',
    '+1 555 01',
    '+1 555 010 0001 x2',
  ])('%j is refused, and the error does not repeat it', (written) => {
    const wrong = { code: 'invalid_input', message: expect.not.stringContaining('555 01') };
    expect(() => ownNumber(written)).toThrow(expect.objectContaining(wrong));
  });

  it('is required where it is missing', () => {
    expect(() => ownNumber(undefined)).toThrow(/Linking by code needs phone/);
  });
});
