import { describe, expect, it } from 'vitest';
import { createCallQueue } from '../../src/server/call-queue.ts';

const never = () => new Promise<never>(() => {});
const turn = () => new Promise((resolve) => setImmediate(resolve));
const codeOf = (answer: Promise<unknown>): Promise<unknown> => answer.catch(({ code }) => code);

/** Work that notes when it begins and ends when it is told to. */
function work(begun: number[], serial: number) {
  let end = () => {};
  const ended = new Promise<number>((resolve) => {
    end = () => resolve(serial);
  });
  const run = () => {
    begun.push(serial);
    return ended;
  };
  return { run, end };
}

describe('calls', () => {
  it('begin in the order in which they came, a few at a time, and give what their work gives', async () => {
    const queue = createCallQueue({ atWork: 3, placeMs: 1_000_000 });
    const begun: number[] = [];
    const works = Array.from({ length: 10 }, (_, serial) => work(begun, serial));
    const answers = works.map(({ run }) => queue.run(run));
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of works) end();
    expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('begin in a turn of the event loop each', async () => {
    const queue = createCallQueue({ atWork: 100 });
    let begun = 0;
    const answers = Array.from({ length: 100 }, () => queue.run(async () => void begun++));
    const seen: number[] = [];
    for (let turns = 0; turns < 50; turns++) {
      await turn();
      seen.push(begun);
    }
    expect(seen.filter((count, index) => count - (seen[index - 1] ?? 0) > 1)).toEqual([]);
    expect(seen.at(-1)).toBeGreaterThan(0);
    await Promise.all(answers);
  });

  it('fail with what their work failed with, and make room', async () => {
    const queue = createCallQueue({ atWork: 1 });
    const failed = queue.run(() => Promise.reject(new RangeError('defect')));
    const next = queue.run(async () => 'done');
    await expect(failed).rejects.toThrow('defect');
    expect(await next).toBe('done');
  });

  it('that wait for somebody else do not keep the next ones from beginning', async () => {
    const queue = createCallQueue({ atWork: 2, placeMs: 1 });
    for (let serial = 0; serial < 5; serial++) void queue.run(never);
    expect(await queue.run(async () => 'begun')).toBe('begun');
  });

  it('give their place up once, however long they go on', async () => {
    const queue = createCallQueue({ atWork: 1, placeMs: 1 });
    const begun: number[] = [];
    const slow = work(begun, 0);
    const first = queue.run(slow.run);
    const second = queue.run(never);
    await queue.run(async () => {}); // both have given their places up
    slow.end();
    await first;
    const [third, fourth] = [work(begun, 3), work(begun, 4)];
    const answers = [queue.run(third.run), queue.run(fourth.run)];
    await turn();
    await turn();
    expect(begun).toEqual([0, 3]);
    third.end();
    fourth.end();
    await Promise.all(answers);
    expect(await Promise.race([second, Promise.resolve('still waiting')])).toBe('still waiting');
  });
});

describe('a call that is cancelled', () => {
  it('before it began is never begun, and says so at once', async () => {
    const queue = createCallQueue({ atWork: 1 });
    let begun = 0;
    const controllers = Array.from({ length: 5000 }, () => new AbortController());
    const answers = controllers.map(({ signal }) => codeOf(queue.run(async () => void begun++, signal)));
    for (const controller of controllers.slice(1)) controller.abort();
    const codes = await Promise.all(answers.slice(1));
    expect(codes.every((code) => code === 'cancelled')).toBe(true);
    await answers[0];
    expect(begun).toBe(1);
    expect(await queue.run(async () => 'goes on')).toBe('goes on');
  });

  it('before it came is never begun either', async () => {
    const queue = createCallQueue();
    let begun = 0;
    expect(await codeOf(queue.run(async () => void begun++, AbortSignal.abort()))).toBe('cancelled');
    await turn();
    expect(begun).toBe(0);
  });

  it('while at work is left to its work', async () => {
    const queue = createCallQueue();
    const controller = new AbortController();
    const answer = queue.run(async () => {
      controller.abort();
      return 'what the work says';
    }, controller.signal);
    expect(await answer).toBe('what the work says');
  });
});

describe('the size of the queue', () => {
  it('is told, and that there is room when a call begins or is cancelled', async () => {
    const sizes: number[] = [];
    const queue = createCallQueue({ atWork: 1, onRoom: () => sizes.push(queue.size()) });
    const gone = new AbortController();
    const answers = [queue.run(async () => {}), codeOf(queue.run(never, gone.signal)), queue.run(async () => {})];
    expect(queue.size()).toBe(3);
    gone.abort();
    await Promise.all(answers);
    expect(sizes).toEqual([2, 1, 0]);
  });
});

describe('calls whose answers nobody reads', () => {
  it('are held back, can be cancelled, and begin when there is room', async () => {
    let held = true;
    let begun = 0;
    const queue = createCallQueue({ isHeld: () => held });
    const gone = new AbortController();
    const cancelled = codeOf(queue.run(async () => void begun++, gone.signal));
    const waiting = queue.run(async () => void begun++);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(begun).toBe(0);
    gone.abort();
    expect(await cancelled).toBe('cancelled');
    held = false;
    queue.resume();
    await waiting;
    expect(begun).toBe(1);
  });
});

describe('calls that come faster than they are done', () => {
  it('wait until what comes was read, and not for ever', async () => {
    let reading = true;
    let begun = 0;
    const queue = createCallQueue({ isReading: () => reading });
    const answers = Array.from({ length: 150 }, () => queue.run(async () => void begun++));
    await answers[0];
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(begun).toBeLessThan(10);
    await answers[1]; // one more has begun though it is still reading
    reading = false;
    await Promise.all(answers);
  });
});
