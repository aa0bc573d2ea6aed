import { onTestFinished } from 'vitest';

type Work = () => unknown;

const waiting: Work[] = [];

/** Clears up when the test has ended; outside of a test, when a proof calls `endAll`. The last to come is the first. */
export function atEnd(work: Work): void {
  if (process.env['VITEST']) onTestFinished(async () => void (await work()));
  else waiting.push(work);
}

/** Clears up now. */
export async function endAll(): Promise<void> {
  for (let work = waiting.pop(); work; work = waiting.pop()) await work();
}
