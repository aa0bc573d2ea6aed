import { onTestFinished } from 'vitest';

type Work = () => unknown;

const waiting: Work[] = [];
let shared = false;

/** Clears up when the test has ended; outside of a test, or for what is shared, at `endAll`. The last to come is the first. */
export function atEnd(work: Work): void {
  if (process.env['VITEST'] && !shared) onTestFinished(async () => void (await work()));
  else waiting.push(work);
}

/** What this makes is for several tests: call it in `beforeAll`, and `endAll` in `afterAll`. */
export async function sharing<T>(make: () => Promise<T>): Promise<T> {
  shared = true;
  try {
    return await make();
  } finally {
    shared = false;
  }
}

/** Clears up now. */
export async function endAll(): Promise<void> {
  for (let work = waiting.pop(); work; work = waiting.pop()) await work();
}
