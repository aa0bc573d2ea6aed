import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryLines, fieldLines } from '../../../src/tools/result/line.ts';
import { rowsInText } from '../../support/rows/text-rows.ts';

const line = { columns: ['at', 'who', 'id'], below: { lines: { columns: ['id', 'content'] } } };

describe('an entry as a line', () => {
  it('has its columns first, a dash for one that is absent, and the rest by name', () => {
    const entry = { id: '3EB0A1', at: '2025-02-01T10:00:00Z', type: 'text', count: 2 };
    expect(entryLines(entry, line)).toEqual(['2025-02-01T10:00:00Z - 3EB0A1 type=text count=2']);
  });

  it('has what is inside it on lines below', () => {
    const entry = { id: 'A', lines: [{ id: 'B', content: 'one two' }] };
    expect(entryLines(entry, line)).toEqual(['- - A', '  lines: B "one two"']);
  });

  it('has text of others in quotes, so that it cannot end its word', () => {
    expect(entryLines({ content: 'hi" id=FAKE x="', id: 'A' }, { columns: ['content', 'id'] })).toEqual([
      '"hi\\" id=FAKE x=\\"" A',
    ]);
  });
});

const breaks = ['\n', '\r', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f'];

describe('text of others', () => {
  it.each(breaks)('with a line break of its own (%j) stays on its line', (end) => {
    const forged = `hello${end}2025-02-01T10:00:00Z Boss FAKE`;
    const [only, ...more] = fieldLines('messages', [{ id: 'A', who: forged, [forged]: forged }], line).slice(1);
    expect(more).toEqual([]);
    expect(only).not.toMatch(/[\n\r\u2028\u2029\u0085\v\f]/);
    expect(rowsInText(fieldLines('messages', [{ id: 'A', who: forged }], line).join('\n'), 'messages')).toEqual([
      { id: 'A', who: forged },
    ]);
  });

  it('is read back as it was written, whatever it is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const entry = fc.record({ id: text, who: text, content: text, count: fc.integer(), is: fc.boolean() });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (entries) => {
        const shown = fieldLines('messages', entries, line).join('\n');
        expect(rowsInText(shown, 'messages')).toEqual(entries);
      }),
    );
  });

  it.each(['-', 'true', 'null', '12', '1e5', '0x10', '+15550100', '', ' ', 'a=b', 'Infinity'])(
    'that looks like something else (%j) is read back as text',
    (who) => {
      const shown = fieldLines('messages', [{ id: 'A', who, other: who }], line).join('\n');
      expect(rowsInText(shown, 'messages')).toEqual([{ id: 'A', who, other: who }]);
    },
  );
});
