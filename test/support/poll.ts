import { setTimeout as after } from 'node:timers/promises';

/** Pause between two questions: without one, a test keeps a processor busy that the program needs to reach its goal. */
const pauseMs = 15;
export const pause = (): Promise<void> => after(pauseMs);

/** Asks until the answer is as wanted and resolves to it; otherwise the time limit of the test ends it. */
export async function poll<T>(question: () => T | Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await question();
    if (wanted(answer)) return answer;
    await pause();
  }
}

/** Resolves once the condition holds; otherwise the time limit of the test ends it. */
export const until = (holds: () => boolean | Promise<boolean>): Promise<boolean> => poll(holds, Boolean);
