import { expect, test } from 'vitest';
import type { RunOptions, ToolOutcome } from '../../src/app.ts';
import { interruptible } from '../../src/cli/interrupt.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { ToolFailure, toolCalls } from '../../src/cli/tool-call.ts';

const failure: ToolOutcome = {
  ok: false,
  error: { success: false, error_code: 'timeout', message: 'too slow', hint: 'try again', retryable: true },
};

function commandOn(run: (name: string, options: RunOptions) => ToolOutcome) {
  let text = '';
  const terminal = createTerminal({ write: (part) => (text += part), isTty: false, columns: 80 });
  const app = { runTool: async (name: string, _args: unknown, options: RunOptions = {}) => run(name, options) };
  return { tools: toolCalls(app, new AbortController().signal, terminal), text: () => text };
}

test('A tool that succeeds gives its value, and its progress is drawn', async () => {
  const { tools, text } = commandOn((_, { progress }) => {
    progress?.(5, 10, '5 of 10');
    return { ok: true, value: { success: true, count: 10 }, summary: '' };
  });
  expect(await tools.callWithProgress('count')).toEqual({ success: true, count: 10 });
  expect(text()).toBe('   50%  5 of 10\n');
});

test('A tool that fails ends the command with its message and its hint', async () => {
  const { tools } = commandOn(() => failure);
  const failed = await tools.call('count').catch((error) => error);
  expect(failed).toBeInstanceOf(ToolFailure);
  expect(failed).toMatchObject({ message: 'too slow', error: { hint: 'try again' } });
});

test('A signal cancels the work of a command, which then ends with 130', async () => {
  const before = process.listenerCount('SIGHUP');
  const code = interruptible(async (signal) => {
    process.emit('SIGHUP');
    signal.throwIfAborted();
    return 0;
  });
  expect(await code).toBe(130);
  expect(process.listenerCount('SIGHUP')).toBe(before);
});

test('A command that fails without a signal fails with its own error', async () => {
  await expect(interruptible(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await interruptible(async () => 1)).toBe(1);
});
