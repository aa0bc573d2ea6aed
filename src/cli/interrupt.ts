const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command so that the first signal cancels it and lets it clean up; the exit code is then 130. A second signal
 * ends the process at once.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
    for (const signal of signals) process.off(signal, stop);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) return 130;
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
