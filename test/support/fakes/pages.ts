import type { Page } from '../../../src/store/reader.ts';

/** A page of a store, in which `after 2` goes on behind the second entry. */
export const storedPage = <T>(items: T[], next_cursor: string | null = null): Page<T> => ({
  items,
  next_cursor,
  cursors: items.map((_, index) => `after ${index + 1}`),
});
