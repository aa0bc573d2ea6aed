/** A client without progress gives up after a minute, so a call must return earlier. */
const silentMs = 45_000;

/**
 * How long a tool may wait, in milliseconds. An explicit timeout (seconds) takes precedence; a client that shows
 * progress waits for `watchedMs`; any other one gets the result so far before it gives up.
 */
export function waitLimitMs(
  { hasProgress }: { hasProgress: boolean },
  { timeout, watchedMs }: { timeout?: number | undefined; watchedMs: number },
): number {
  if (timeout !== undefined) return timeout * 1000;
  return hasProgress ? watchedMs : Math.min(watchedMs, silentMs);
}
