import * as z from 'zod';
import type { Page } from '../../store/reader.ts';

export const pageFields = {
  truncated: z.boolean(),
  next_cursor: z.string().nullable(),
};

/** The same page with each entry as it is shown. */
export function mapPage<T, U>({ items, next_cursor, cursors }: Page<T>, show: (entry: T) => U): Page<U> {
  return { items: items.map(show), next_cursor, cursors };
}

/** What every list says about its end. */
export const pageEnd = ({ next_cursor }: Pick<Page<unknown>, 'next_cursor'>) => ({
  truncated: next_cursor !== null,
  next_cursor,
});
