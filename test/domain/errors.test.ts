import { expect, test } from 'vitest';
import { AppError, errorCodes } from '../../src/domain/errors.ts';
import { mediaFilters, messageTypes } from '../../src/domain/message.ts';

test('every code has an HTTP error status and a next step that is a sentence', () => {
  for (const [code, { status, hint }] of Object.entries(errorCodes)) {
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(status, code).toBeLessThan(600);
    expect(hint, code).toMatch(/^[A-Z].*\.$/);
  }
});

// Agents and scripts search for these words in error_code.
test.each(['history_sync', 'database_sync', 'mark_as_read'])('a code carries the word %s', (word) => {
  expect(Object.keys(errorCodes).some((code) => code.startsWith(word))).toBe(true);
});

test('an error keeps its code, cause and details', () => {
  const cause = new Error('disk');
  const error = new AppError('internal', 'Internal error', { cause, details: { step: 'open' } });
  expect(error).toMatchObject({
    name: 'AppError',
    code: 'internal',
    message: 'Internal error',
    cause,
    details: { step: 'open' },
  });
});

test('every media type has a filter, and filters name media types only', () => {
  const filtered = new Set(Object.values(mediaFilters).flat());
  const media = Object.entries(messageTypes).filter(([, type]) => type.media);
  expect([...filtered].sort()).toEqual(media.map(([name]) => name).sort());
});
