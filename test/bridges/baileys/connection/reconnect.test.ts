import { describe, expect, test } from 'vitest';
import { codeOf, decide, rules, UpgradeRefused } from '../../../../bridges/baileys/connection/reconnect.ts';

/** Close codes: code, what the first failure leads to. */
const table: [number | undefined, object][] = [
  [400, { action: 'stop', state: 'down', forget: false }],
  [401, { action: 'stop', state: 'logged_out', forget: true }],
  [403, { action: 'stop', state: 'restricted', forget: false }],
  [405, { action: 'stop', state: 'outdated', forget: false }],
  [408, { action: 'reconnect', delayMs: 1_000 }],
  [411, { action: 'stop', state: 'down', forget: false }],
  [428, { action: 'reconnect', delayMs: 1_000 }],
  [440, { action: 'stop', state: 'replaced', forget: false }],
  [500, { action: 'reconnect', delayMs: 1_000 }],
  [503, { action: 'reconnect', delayMs: 10_000 }],
  [515, { action: 'reconnect', delayMs: 0 }],
  [undefined, { action: 'reconnect', delayMs: 1_000 }],
  [599, { action: 'reconnect', delayMs: 1_000 }],
];

describe('what happens when a connection ends', () => {
  test.each(table)('%s', (code, expected) => {
    expect(decide(code, 1, 1)).toMatchObject(expected);
  });

  test('the table above names every rule', () => {
    const named = table.map(([code]) => code).filter((code) => code !== undefined && code in rules);
    expect(named.map(String)).toEqual(Object.keys(rules));
  });

  test('only a removed device makes credentials worthless', () => {
    const forgetting = table.map(([code]) => decide(code, 1, 0)).filter((one) => one.action === 'stop' && one.forget);
    expect(forgetting).toHaveLength(1);
  });

  test('delays double up to a minute, and to five where WhatsApp is not available', () => {
    const delays = (code: number) => [1, 2, 3, 6, 7, 8, 50].map((attempt) => decide(code, attempt, 1));
    const inSeconds = (code: number) => delays(code).map((one) => one.action === 'reconnect' && one.delayMs / 1000);
    expect(inSeconds(428)).toEqual([1, 2, 4, 32, 60, 60, 60]);
    expect(inSeconds(503)).toEqual([10, 20, 40, 300, 300, 300, 300]);
  });

  test('chance spreads a delay over the upper half of its interval', () => {
    const delay = (random: number) => decide(428, 5, random);
    expect(delay(0)).toMatchObject({ delayMs: 8_000 });
    expect(delay(0.5)).toMatchObject({ delayMs: 12_000 });
    expect(delay(1)).toMatchObject({ delayMs: 16_000 });
  });

  test('an unknown error is retried three times, then it stops without touching credentials', () => {
    expect([1, 2, 3].map((attempt) => decide(500, attempt, 0).action)).toEqual(['reconnect', 'reconnect', 'reconnect']);
    expect(decide(500, 4, 0)).toMatchObject({ action: 'stop', state: 'down', forget: false });
    expect(decide(undefined, 4, 0)).toMatchObject({ action: 'stop', state: 'down', forget: false });
  });

  test('only failures with the same code in a row use up its tries', () => {
    expect(decide(500, 9, 1, 1)).toMatchObject({ action: 'reconnect', delayMs: 60_000 });
    expect(decide(500, 9, 1, 4)).toMatchObject({ action: 'stop', state: 'down' });
    expect(decide(515, 9, 1, 1)).toMatchObject({ action: 'reconnect', delayMs: 0 });
  });

  test('a server that asks for new connections without end is slowed down', () => {
    expect(decide(515, 5, 1)).toMatchObject({ delayMs: 0 });
    expect(decide(515, 6, 1)).toMatchObject({ action: 'reconnect', delayMs: 32_000 });
  });

  test('the code is that of WhatsApp, and not what answers in its place', () => {
    const ended = (message: string, statusCode: number) =>
      codeOf(Object.assign(new Error(message), { output: { statusCode } }));
    expect(ended('Stream Errored (conflict)', 401)).toBe(401);
    expect(ended('Connection Failure', 403)).toBe(403);
    expect(ended('WebSocket Error (certificate has expired)', 500)).toBe(408);
    const refused = (statuses: number[]) => statuses.map((status) => codeOf(new UpgradeRefused(status)));
    expect(new Set(refused([401, 403, 404, 405, 407, 440]))).toEqual(new Set([408]));
    expect(new Set(refused([429, 500, 502, 503]))).toEqual(new Set([503]));
    expect(codeOf(undefined)).toBeUndefined();
  });

  test('every decision says why, in a sentence', () => {
    for (const [code] of table) expect(decide(code, 1, 0).reason).toMatch(/^[A-Z].*\.$/);
  });
});
