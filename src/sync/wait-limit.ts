/** Without progress a client gives up after a minute, so a call answers before. */
const silentMs = 45_000;

/**
 * For how long a tool may wait, in milliseconds. An explicit timeout (seconds) is honoured; a client that watches
 * progress waits for `watchedMs`; one that hears nothing gets what there is before it gives up.
 */
export function waitLimitMs(
  { hasProgress }: { hasProgress: boolean },
  { timeout, watchedMs }: { timeout?: number | undefined; watchedMs: number },
): number {
  if (timeout !== undefined) return timeout * 1000;
  return hasProgress ? watchedMs : Math.min(watchedMs, silentMs);
}
