import { describe, expect, it } from 'vitest';
import { Backlog, type BacklogDeps } from '../../src/server/backlog.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const turns = async (count: number) => {
  for (let done = 0; done < count; done++) await turn();
};
const line = (text: number | string) => Buffer.from(String(text));

/** A backlog whose room is what the test says, and the lines that were passed on. */
function kept(deps: Partial<BacklogDeps> = {}) {
  const passed: string[] = [];
  const state = { room: 0 };
  const backlog = new Backlog({
    pass: (taken) => {
      passed.push(taken.toString());
      state.room--;
      return true;
    },
    room: () => state.room,
    ...deps,
  });
  const giveRoom = async (room: number) => {
    state.room = room;
    backlog.resume();
    await turns(3);
  };
  return { backlog, passed, state, giveRoom };
}

describe('lines that wait', () => {
  it('are passed on in order, as many as there is room for', async () => {
    const { backlog, passed, giveRoom } = kept();
    for (let id = 0; id < 10; id++) expect(backlog.add(line(id), id)).toBe(true);
    await turns(3);
    expect(passed).toEqual([]);
    await giveRoom(3);
    expect(passed).toEqual(['0', '1', '2']);
    expect(backlog.size).toBe(7);
    await giveRoom(100);
    expect(passed).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('are passed on in the next turn where there is room, and go on when what was passed took none', async () => {
    const passed: string[] = [];
    const backlog = new Backlog({ pass: (taken) => passed.push(taken.toString()) > 0, room: () => 2 });
    for (let id = 0; id < 5; id++) backlog.add(line(id), id);
    expect(passed).toEqual([]);
    await turn();
    expect(passed).toEqual(['0', '1']);
    await turns(2);
    expect(passed).toHaveLength(5);
  });

  it('are never passed on when they were cancelled, and the others are', async () => {
    const { backlog, passed, giveRoom } = kept();
    for (const id of [1, '1', 2, 3]) backlog.add(line(`${typeof id} ${id}`), id);
    expect(backlog.cancel(1)).toBe(true);
    expect(backlog.cancel(1)).toBe(false);
    expect(backlog.cancel(3)).toBe(true);
    expect(backlog.cancel(4)).toBe(false);
    await giveRoom(10);
    expect(passed).toEqual(['string 1', 'number 2']);
    expect(backlog.cancel(2)).toBe(false);
  });

  it('are all passed on where a client gives the same id twice', async () => {
    const { backlog, passed, giveRoom } = kept();
    backlog.add(line('first'), 7);
    backlog.add(line('second'), 7);
    backlog.add(line('third'), 7);
    expect(backlog.cancel(7)).toBe(true);
    expect(backlog.cancel(7)).toBe(false);
    await giveRoom(10);
    expect(passed).toEqual(['first', 'second']);
  });
});

describe('too much that waits', () => {
  it('is refused by number, and taken again when there is room', async () => {
    const { backlog, giveRoom } = kept({ most: 3 });
    expect([1, 2, 3, 4].map((id) => backlog.add(line(id), id))).toEqual([true, true, true, false]);
    await giveRoom(1);
    expect([5, 6].map((id) => backlog.add(line(id), id))).toEqual([true, false]);
    backlog.cancel(2);
    expect(backlog.add(line(7), 7)).toBe(true);
  });

  it('is refused by bytes, until what was passed on has its answer', async () => {
    const { backlog, giveRoom } = kept({ maxBytes: 10 });
    expect(backlog.add(line('12345'), 1)).toBe(true);
    expect(backlog.add(line('123456'), 2)).toBe(false);
    expect(backlog.add(line('12345'), 3)).toBe(true);
    await giveRoom(10);
    expect(backlog.size).toBe(0);
    expect(backlog.add(line('1'), 4)).toBe(false);
    backlog.settle(99);
    expect(backlog.add(line('1'), 4)).toBe(false);
    backlog.settle(1);
    backlog.settle(1);
    expect(backlog.add(line('123456'), 5)).toBe(false);
    expect(backlog.add(line('12345'), 6)).toBe(true);
  });

  it('is less when something was cancelled, waiting or not, or was no request', async () => {
    const waiting = kept({ maxBytes: 5 });
    waiting.backlog.add(line('12345'), 1);
    waiting.backlog.cancel(1);
    expect(waiting.backlog.add(line('12345'), 2)).toBe(true);
    await waiting.giveRoom(1);
    waiting.backlog.cancel(2);
    expect(waiting.backlog.add(line('12345'), 3)).toBe(true);

    const refused = kept({ maxBytes: 5, pass: () => false });
    refused.backlog.add(line('12345'), 1);
    await refused.giveRoom(1);
    expect(refused.backlog.add(line('12345'), 2)).toBe(true);
  });
});

describe('the end of waiting', () => {
  it('is told once, when the last line was passed on, and once more when it has its answer', async () => {
    const { backlog, giveRoom } = kept();
    const told: string[] = [];
    backlog.add(line(1), 1);
    backlog.add(line(2), 2);
    backlog.onceEmpty(() => told.push('empty'));
    backlog.onceAnswered(() => told.push('answered'));
    await giveRoom(1);
    backlog.settle(1);
    expect(told).toEqual([]);
    await giveRoom(1);
    expect(told).toEqual(['empty']);
    backlog.settle(2);
    backlog.settle(2);
    expect(told).toEqual(['empty', 'answered']);
  });

  it('is told at once where nothing waits, and when the last that waits is cancelled', () => {
    const { backlog } = kept();
    const told: string[] = [];
    backlog.onceAnswered(() => told.push('nothing asked'));
    backlog.add(line(1), 1);
    backlog.onceEmpty(() => told.push('empty'));
    expect(told).toEqual(['nothing asked']);
    backlog.cancel(1);
    expect(told).toEqual(['nothing asked', 'empty']);
  });
});
