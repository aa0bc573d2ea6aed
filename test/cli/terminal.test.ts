import { describe, expect, test } from 'vitest';
import { createTerminal, printable } from '../../src/cli/terminal.ts';

function written(isTty: boolean, columns = 80) {
  const parts: string[] = [];
  return {
    terminal: createTerminal({ write: (text) => parts.push(text), isTty, columns }),
    text: () => parts.join(''),
  };
}

describe('A progress line', () => {
  test('is drawn over itself on a terminal, and ends its line once', () => {
    const { terminal, text } = written(true);
    const line = terminal.progress();
    line.update(1, 4, '1 message');
    line.update(4, 4, '4 messages');
    line.end();
    line.end();
    const [, first, second] = text().split('\r\u001b[K');
    expect(first).toBe(`   ${'█'.repeat(8)}${'░'.repeat(22)}  25%  1 message`);
    expect(second).toBe(`   ${'█'.repeat(30)} 100%  4 messages\n`);
  });

  test('never fills the last column, so that the terminal does not wrap it', () => {
    const { terminal, text } = written(true, 20);
    terminal.progress().update(1, 2, 'a message that is too long for this terminal');
    expect(text().replace('\r\u001b[K', '')).toHaveLength(19);
  });

  test('is a new line for every tenth where nothing can be drawn over', () => {
    const { terminal, text } = written(false);
    const line = terminal.progress();
    for (let done = 0; done <= 1000; done++) line.update(done, 1000, `${done} messages`);
    line.end();
    expect(text().split('\n').slice(0, -1)).toHaveLength(11);
    expect(text()).toContain('   50%  500 messages\n');
    expect(text()).not.toContain('\r');
  });

  test('shows no percentage of an unknown total', () => {
    const { terminal, text } = written(false);
    terminal.progress().update(7, null, '7 messages');
    terminal.progress().update(7, 0, 'nothing to do');
    expect(text()).toBe('   0%  7 messages\n   0%  nothing to do\n');
  });

  test('that was never updated leaves no line behind', () => {
    const { terminal, text } = written(true);
    terminal.progress().end();
    expect(text()).toBe('');
  });
});

describe('Text of other people', () => {
  test('cannot steer the terminal', () => {
    expect(printable('a\u001b]0;title\u0007b\u001b[2J\u202ec\nd')).toBe('a]0;titleb[2Jc d');
  });

  test('keeps its emoji and its letters', () => {
    expect(printable('👩\u200d👧 誕生日 עברית')).toBe('👩\u200d👧 誕生日 עברית');
  });
});
