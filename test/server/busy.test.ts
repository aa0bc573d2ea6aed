import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Message, serveFake } from '../support/fakes/fake-server.ts';

const many = 5000;
/** Each search takes 5 ms: all of them take 25 s, and what is done beside them takes as long as some of them. */
const few = 200;

const call = (id: number, name: string) => ({ id, method: 'tools/call', params: { name, arguments: {} } });
const search = (id: number) => call(id, 'query_synced_messages');
const searches = (from: number) => Array.from({ length: many }, (_, serial) => search(from + serial));
const cancellations = (from: number) =>
  searches(from).map(({ id }) => ({ method: 'notifications/cancelled', params: { requestId: id } }));
const results = (messages: readonly Message[]) => messages.filter(({ id, result }) => Number(id) >= 1000 && result);

describe('beside 5,000 searches that wait', () => {
  it('a ping is answered, what is cancelled is neither run nor answered, and SIGTERM ends the server', async () => {
    const { child, messages, send, answer, ended, stderr } = await serveFake('busy-reads');
    send(...searches(1000), { id: 1, method: 'ping' });
    await answer(({ id }) => id === 1);
    expect(results(messages).length).toBeLessThan(few);
    send(...cancellations(1000), { id: 2, method: 'ping' });
    await answer(({ id }) => id === 2);
    const answered = results(messages).length;
    expect(answered).toBeLessThan(2 * few);

    send(search(900), { id: 3, method: 'completion/complete', params: completion });
    await answer(({ id }) => id === 3);
    expect(messages.filter(({ id }) => id === 900)).toHaveLength(1);
    expect(results(messages)).toHaveLength(answered);

    send(...searches(10_000));
    await answer(({ id }) => Number(id) >= 10_000);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, signal: null });
    const done = results(messages).length + 1;
    expect(done).toBeLessThan(4 * few);
    // Some were at work when they were cancelled, or when the end came.
    const [, reads] = /(\d+) reads/.exec(stderr()) ?? [];
    expect(Number(reads) - done).toBeGreaterThanOrEqual(0);
    expect(Number(reads) - done).toBeLessThan(few);
  });

  it('the end of stdin ends the server', async () => {
    const { child, messages, send, ended, stderr } = await serveFake('busy-reads');
    send(...searches(1000));
    child.stdin.end();
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect(results(messages).length).toBeLessThan(2 * few);
    expect(Number(/(\d+) reads/.exec(stderr())?.[1])).toBeLessThan(2 * few);
  });
});

const completion = {
  ref: { type: 'ref/prompt', name: 'summarize_chat' },
  argument: { name: 'chat', value: 'A' },
};

/** Answers of some 60 KB, 36 MB in all. */
const big = (from: number) => Array.from({ length: 600 }, (_, serial) => call(from + serial, 'get_message_statistics'));
/** With so many about 16 MB are unread. */
const enough = 200;

type Server = Awaited<ReturnType<typeof serveFake>>;

const reads = ({ stderr }: Server) => Number([...stderr().matchAll(/(\d+) reads/g)].at(-1)?.[1] ?? 0);

/** How many searches were made when the server has stopped making them. */
async function readsAtRest(server: Server, least: number): Promise<number> {
  for (let [count, same] = [-1, 0]; ; await sleep(50)) {
    same = reads(server) === count ? same + 1 : 0;
    count = reads(server);
    if (count >= least && same >= 20) return count;
  }
}

describe('while nobody reads the answers', () => {
  it('no call is begun beyond a limit, all are answered when they are read, and the end is seen', async () => {
    const server = await serveFake('big-reads');
    const { child, lines, messages, send, answer, ended } = server;
    lines.pause();
    send(...big(1000));
    expect(await readsAtRest(server, enough)).toBeLessThan(2 * enough);
    lines.resume();
    await answer(({ id }) => id === 1599);
    expect(results(messages).map(({ id }) => id)).toEqual(big(1000).map(({ id }) => id));
    expect(results(messages).every((message) => JSON.stringify(message).length > 60_000)).toBe(true);

    lines.pause();
    send(...big(10_000));
    expect(await readsAtRest(server, 600 + enough)).toBeLessThan(600 + 2 * enough);
    child.stdin.end();
    expect(await ended).toMatchObject({ code: 0, signal: null });
  }, 60_000);
});
