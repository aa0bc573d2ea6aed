import { describe, expect, test } from 'vitest';
import type { BridgeId } from '../../bridges/bridge.ts';
import { link, mentionOther } from '../../src/cli/login.ts';
import { createTerminal } from '../../src/cli/terminal.ts';

type Value = Record<string, unknown>;

const pageUrl = 'http://127.0.0.1:1/#code';

/** Links through tools with these answers, in order. */
async function linked(
  answers: Value[],
  { phone, browser = false, bridge = 'baileys' }: { phone?: string; browser?: boolean; bridge?: BridgeId } = {},
) {
  const called: [string, Value | undefined][] = [];
  let shown = 0;
  let output = '';
  const linking = {
    bridge,
    tools: {
      call: async (name: string, args?: Value) => {
        called.push([name, args]);
        return answers.shift() ?? { state: 'nothing left' };
      },
    },
    terminal: createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 }),
    signal: new AbortController().signal,
    show: async () => {
      shown++;
      return browser;
    },
  };
  const problem = await link(linking, phone === undefined ? {} : { phone }).catch((error: unknown) => error);
  return { problem, output, called, shown };
}

const qr = (text: string) => ({ state: 'pairing', qr: text, seconds_left: 20, page_url: pageUrl });
const begun = ['start_pairing', { bridge: 'baileys', method: 'qr' }];

describe('login', () => {
  test('prints the address of the page with or without a browser', async () => {
    const without = await linked([qr('a'), { state: 'connecting' }]);
    expect(without.output).toContain(pageUrl);
    expect(without.output).not.toContain('in your browser');
    expect(without.shown).toBe(1);
    expect((await linked([qr('a'), { state: 'connecting' }], { browser: true })).output).toContain('in your browser');
  });

  test('shows each code once, what to tap once, and a code asked for on the page with its own steps', async () => {
    const code = { state: 'pairing', code: 'ABCD-1234', seconds_left: 150 };
    const { output, problem } = await linked([qr('a'), qr('a'), qr('b'), code, code, { state: 'connecting' }]);
    expect(problem).toBeUndefined();
    expect(output.match(/^QR text: \w$/gm)).toEqual(['QR text: a', 'QR text: b']);
    expect(output.match(/Scan this code/g)).toHaveLength(1);
    expect(output.match(/^Code: ABCD-1234$/gm)).toHaveLength(1);
    expect(output).toMatch(/Link with phone number instead[\s\S]*Code: ABCD-1234[\s\S]*✅ Linked/);
  });

  test('starts a new pairing when no code was used in time, but not for ever, and shows the page once', async () => {
    const round = [qr('a'), { state: 'unlinked' }];
    const { problem, called, shown } = await linked([...round, ...round, ...round]);
    expect(problem).toMatchObject({ code: 'timeout' });
    expect(called.filter(([name]) => name === 'start_pairing')).toEqual([begun, begun, begun]);
    expect(shown).toBe(1);
    const late = await linked([...round, qr('b'), { state: 'syncing' }]);
    expect(late).toMatchObject({ problem: undefined, output: expect.stringMatching(/in time[\s\S]*✅ Linked/) });
  });

  test('asks for a code with the number that was given', async () => {
    const { called } = await linked([{ state: 'connecting' }], { phone: '+15550100000' });
    expect(called).toEqual([['start_pairing', { bridge: 'baileys', method: 'code', phone: '+15550100000' }]]);
  });

  test('has nothing to show when a phone is linked', async () => {
    expect(await linked([{ state: 'ready' }])).toMatchObject({ output: 'A phone is already linked.\n', shown: 0 });
  });

  test('links the bridge that was asked for, by its own codes', async () => {
    const { called, output } = await linked([qr('a'), { state: 'connecting' }], { bridge: 'whatsmeow' });
    expect(called).toEqual([
      ['start_pairing', { bridge: 'whatsmeow', method: 'qr' }],
      ['get_pairing_status', { bridge: 'whatsmeow' }],
    ]);
    expect(output).toContain('✅ Linked');
  });

  test.each([
    ['unlinked', true],
    ['ready', false],
    ['not_configured', false],
    ['down', false],
  ])('says how to link a wa-bridge in state %s: %s', async (state, isSaid) => {
    let output = '';
    const terminal = createTerminal({ write: (text) => (output += text), isTty: false, columns: 80 });
    await mentionOther({ tools: { call: async () => ({ go_bridge: { state } }) }, terminal });
    expect(output.includes('login --bridge whatsmeow')).toBe(isSaid);
  });
});
