import { describe, expect, test } from 'vitest';
import type { ToolOutcome } from '../../../src/app.ts';
import { linkSimulated } from '../../../src/cli/simulated/simulated-pairing.ts';

type Value = Record<string, unknown>;

/** An app whose pairing tools give these answers, in order. */
function pairing(...answers: (Value | 'fails')[]) {
  const called: string[] = [];
  return {
    called,
    app: {
      async runTool(name: string): Promise<ToolOutcome> {
        called.push(name);
        const answer = answers.shift() ?? 'fails';
        if (answer !== 'fails') return { ok: true, value: { success: true, ...answer }, summary: '' };
        const error = {
          success: false,
          error_code: 'internal',
          message: 'broken',
          hint: '',
          retryable: false,
        } as const;
        return { ok: false, error };
      },
    },
  };
}

describe('Linking the simulated phone', () => {
  test('scans each code once, a renewed one too, until the bridge is linked', async () => {
    const { app, called } = pairing(
      { state: 'pairing', qr: 'a' },
      { state: 'pairing', qr: 'a' },
      { state: 'pairing' },
      { state: 'pairing', qr: 'b' },
      { state: 'connecting' },
    );
    const scanned: string[] = [];
    await linkSimulated(app, async (qr) => void scanned.push(qr));
    expect(scanned).toEqual(['a', 'b']);
    expect(called).toEqual(['start_pairing', ...Array(4).fill('get_pairing_status')]);
  });

  test('has nothing to scan when it is linked already', async () => {
    const { app, called } = pairing({ state: 'ready' });
    await linkSimulated(app, () => Promise.reject(new Error('scanned')));
    expect(called).toEqual(['start_pairing']);
  });

  test('ends when a tool fails, with its words', async () => {
    await expect(linkSimulated(pairing('fails').app, async () => {})).rejects.toThrow('broken');
  });

  test('ends when the phone refuses the code', async () => {
    const { app } = pairing({ state: 'pairing', qr: 'a' });
    await expect(linkSimulated(app, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });
});
