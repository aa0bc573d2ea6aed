import { expect, test } from 'vitest';
import { createObservableState } from '../../../../bridges/baileys/connection/observable-state.ts';

test('a waiter is told at once when the state becomes one it waits for', async () => {
  const box = createObservableState('down');
  const waiting = box.until(() => box.state === 'ready', 60_000);
  box.set('connecting', 'on the way');
  expect([box.state, box.message]).toEqual(['connecting', 'on the way']);
  box.set('ready');
  expect(await waiting).toBe(true);
  expect(box.message).toBeNull();
});

test('a condition that holds already needs no change', async () => {
  expect(await createObservableState('ready').until(() => true, 60_000)).toBe(true);
});

test('a condition that depends on something silent is looked at again by itself', async () => {
  let silent = false;
  const waiting = createObservableState('down').until(() => silent, 60_000);
  silent = true;
  expect(await waiting).toBe(true);
});

test('waiting ends without a rejection when time is up, and looks one last time', async () => {
  let looks = 0;
  expect(await createObservableState('down').until(() => ++looks > 1_000, 1)).toBe(false);
  expect(looks).toBe(2);
});

test('waiting ends when it is aborted, before or meanwhile', async () => {
  const box = createObservableState('down');
  const controller = new AbortController();
  const waiting = box.until(() => false, 60_000, controller.signal);
  controller.abort();
  expect(await waiting).toBe(false);
  expect(await box.until(() => false, 60_000, controller.signal)).toBe(false);
});
