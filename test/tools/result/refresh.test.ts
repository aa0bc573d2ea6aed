import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/domain/errors.ts';
import { tryRefresh } from '../../../src/tools/result/refresh.ts';

describe('What a bridge was asked for a list that is stored too', () => {
  test('is its answer', async () => {
    expect(await tryRefresh(Promise.resolve({ count: 1 }))).toEqual({ answer: { count: 1 } });
  });

  test.each(['not_linked', 'bridge_unavailable', 'upstream_unanswered'] as const)(
    'is the reason when there is none: %s',
    async (error_code) => {
      const failed = Promise.reject(new AppError(error_code, 'No.'));
      expect(await tryRefresh(failed)).toEqual({ answer: undefined, not_refreshed: { error_code, message: 'No.' } });
    },
  );

  test('is not waited for longer than somebody looks at a list, and may fail later without harm', async () => {
    let fail = (_: Error) => {};
    const slow = new Promise((_, reject) => {
      fail = reject;
    });
    expect(await tryRefresh(slow, 5)).toMatchObject({ answer: undefined, not_refreshed: { error_code: 'timeout' } });
    fail(new AppError('bridge_unavailable', 'Later.'));
    await expect(slow).rejects.toThrow('Later.');
  });

  test.each([new AppError('cancelled', 'Enough.'), new Error('a defect')])(
    'is thrown where it says nothing about WhatsApp: %s',
    async (error) => {
      await expect(tryRefresh(Promise.reject(error))).rejects.toBe(error);
    },
  );
});
