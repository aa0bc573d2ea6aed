import { describe, expect, test, vi } from 'vitest';
import { Admission } from '../../src/page/admission.ts';

const origin = 'http://127.0.0.1:4321';
const codeOf = (url: string) => new URL(url).hash.slice(1);

describe('Admission to the page', () => {
  test('brings a code, once, and has a cookie then that no script reads and no other site sends', () => {
    const admission = new Admission();
    const onUsed = vi.fn();
    const url = admission.invite(origin, onUsed);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4321\/#[\w-]{24}$/);
    expect(onUsed).not.toHaveBeenCalled();
    const cookie = admission.redeem(codeOf(url)) ?? '';
    expect(cookie).toMatch(/^pairing=[\w-]{32}; Path=\/p\/[\w-]{12}\/; HttpOnly; SameSite=Strict$/);
    expect(onUsed).toHaveBeenCalledTimes(1);
    expect(admission.redeem(codeOf(url))).toBeUndefined();
    const [pair = ''] = cookie.split(';');
    expect([admission.hasCookie(pair), admission.hasCookie(`a=b; ${pair}`)]).toEqual([true, true]);
    expect([undefined, '', pair.slice(0, -1), `x${pair}`].map((header) => admission.hasCookie(header))).toEqual(
      Array(4).fill(false),
    );
  });

  test('by none of the words that an address or the page itself has', () => {
    const admission = new Admission();
    const [first, second] = [admission.invite(origin), admission.invite(origin)];
    expect(first).not.toBe(second);
    for (const wrong of ['', codeOf(first).slice(1), codeOf(first).toUpperCase(), admission.path])
      expect(admission.redeem(wrong)).toBeUndefined();
    expect(admission.hasCookie(`pairing=${codeOf(first)}`)).toBe(false);
    const [one, other] = [admission.redeem(codeOf(second)), admission.redeem(codeOf(first))];
    expect(one).toBe(other);
    expect(`${first}${second}${admission.path}`).not.toContain(/=([^;]+)/.exec(one ?? '')?.[1]);
  });

  test('unused codes expire, the oldest first', () => {
    const admission = new Admission();
    const urls = Array.from({ length: 17 }, () => admission.invite(origin));
    const taken = urls.map((url) => admission.redeem(codeOf(url)) !== undefined);
    expect(taken).toEqual([false, ...Array(16).fill(true)]);
  });
});
