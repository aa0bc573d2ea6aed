/** What ends a server from outside. */
export const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Until the result is called, a signal ends the process with 0 at once: nothing is open that would have to be closed. */
export function leaveOnSignals(): () => void {
  const leave = () => process.exit(0);
  for (const signal of endSignals) process.on(signal, leave);
  return () => {
    for (const signal of endSignals) process.off(signal, leave);
  };
}
