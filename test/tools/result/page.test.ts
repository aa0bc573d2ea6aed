import { expect, it } from 'vitest';
import { mapPage, pageEnd } from '../../../src/tools/result/page.ts';

it('a page says whether it is the last', () => {
  expect(pageEnd({ next_cursor: 'a' })).toEqual({ truncated: true, next_cursor: 'a' });
  expect(pageEnd({ next_cursor: null })).toEqual({ truncated: false, next_cursor: null });
});

it('a page keeps its place when its entries are shown otherwise', () => {
  const page = { items: [1, 2], cursors: ['a', 'b'], next_cursor: 'b' };
  expect(mapPage(page, (entry) => entry * 10)).toEqual({ ...page, items: [10, 20] });
});
