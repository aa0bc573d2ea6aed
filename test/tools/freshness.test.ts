import { describe, expect, it } from 'vitest';
import { freshness, searchFreshness } from '../../src/tools/freshness.ts';
import { type FakeServices, fakeServices, fakeStore, fakeSync, historyProgress } from '../support/fake-services.ts';

const waiting = (rows: number) => ({ progress: () => historyProgress(), pendingRows: () => rows });

function behind(before: number, after: number) {
  const times: number[] = [];
  const store = fakeStore();
  store.messages.unindexed = () => before;
  const sync = fakeSync();
  sync.index = async (timeoutMs) => {
    times.push(timeoutMs);
    return after;
  };
  return { services: fakeServices({ store, sync }), times };
}

let turns = 0;
const search = (services: FakeServices) => searchFreshness({ ...services, turn: async () => void turns++ });

describe('freshness', () => {
  it('says nothing when nothing is missing', async () => {
    expect(freshness(fakeServices())).toEqual({});
    expect(await search(fakeServices())).toEqual({});
  });

  it('counts history that waits to be copied, with the tool that copies it', () => {
    expect(freshness(fakeServices({ history: waiting(12) }))).toEqual({
      pending_sync: 12,
      next_step: expect.stringContaining('sync_history_to_database'),
    });
  });

  it('lets the index catch up for 250 ms at most, and says what is still missing', async () => {
    const { services, times } = behind(5000, 3000);
    expect(await search(services)).toEqual({ index_pending: 3000 });
    expect(times).toEqual([250]);
  });

  it('lets others have the thread after waiting for the index, and only then', async () => {
    turns = 0;
    await search(behind(0, 0).services);
    expect(turns).toBe(0);
    await search(behind(5000, 0).services);
    expect(turns).toBe(1);
  });

  it('does not mention an index that has caught up, nor wake the worker for one that was not behind', async () => {
    expect(await search(behind(5000, 0).services)).toEqual({});
    const { services, times } = behind(0, 7);
    expect(await search(services)).toEqual({});
    expect(times).toEqual([]);
  });
});
