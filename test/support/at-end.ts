import { onTestFinished } from 'vitest';

type Work = () => unknown;

const waiting: Work[] = [];
let shared = false;

/**
 * Runs cleanup at the end of the test; outside of a test, or for shared resources, at `endAll`. Runs in reverse order.
 */
export function atEnd(work: Work): void {
  if (process.env['VITEST'] && !shared) onTestFinished(async () => void (await work()));
  else waiting.push(work);
}

/** Creates resources for several tests: call it in `beforeAll`, and `endAll` in `afterAll`. */
export async function sharing<T>(make: () => Promise<T>): Promise<T> {
  shared = true;
  try {
    return await make();
  } finally {
    shared = false;
  }
}

/** Runs the cleanup now. */
export async function endAll(): Promise<void> {
  for (let work = waiting.pop(); work; work = waiting.pop()) await work();
}
