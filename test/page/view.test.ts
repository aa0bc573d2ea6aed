import { describe, expect, test } from 'vitest';
import { currentView } from '../../src/page/view.ts';
import type { ToolOutcome } from '../../src/server/run.ts';
import { storeFailure } from '../../src/store/files/failure.ts';
import { historyProgress } from '../support/fakes/fake-services.ts';

const image = { mimeType: 'image/png', data: 'QUJD' };

function sources(outcome: ToolOutcome, progress = {}, waiting = 0) {
  const asked: unknown[] = [];
  return {
    asked,
    runTool: async (...call: unknown[]) => {
      asked.push(call);
      return outcome;
    },
    history: () => ({ progress: () => historyProgress(progress), pendingRows: () => waiting }),
  };
}

const answer = (value: Record<string, unknown>, withImage = false): ToolOutcome => ({
  ok: true,
  value: { success: true, message: null, ...value },
  summary: '',
  ...(withImage && { image }),
});

describe('The view of a pairing', () => {
  test('asks the bridge that it is about', async () => {
    const from = sources(answer({ state: 'pairing' }));
    await currentView('whatsmeow', from);
    expect(from.asked).toEqual([['get_pairing_status', { bridge: 'whatsmeow' }]]);
  });

  test('shows the code to scan or to type', async () => {
    const qr = answer({ state: 'pairing', qr: '2@abc', seconds_left: 20 }, true);
    expect(await currentView('baileys', sources(qr))).toEqual({ kind: 'qr', image, secondsLeft: 20 });
    const code = answer({ state: 'pairing', code: 'ABCD-1234', seconds_left: 150 });
    expect(await currentView('baileys', sources(code))).toEqual({ kind: 'code', code: 'ABCD-1234', secondsLeft: 150 });
  });

  test('waits while there is no code yet, and while the phone links', async () => {
    const none = await currentView('baileys', sources(answer({ state: 'pairing', message: 'Waiting for the phone.' })));
    expect(none).toEqual({ kind: 'connecting', message: 'Waiting for the phone.' });
    expect(await currentView('baileys', sources(answer({ state: 'connecting' })))).toMatchObject({
      kind: 'connecting',
    });
  });

  test('says which file it is when what was received cannot be read', async () => {
    const from = sources(answer({ state: 'ready' }));
    const progress = () => {
      throw storeFailure('damaged', '/data/baileys/staging.db');
    };
    const view = await currentView('baileys', { ...from, history: () => ({ progress, pendingRows: () => 0 }) });
    expect(view).toMatchObject({ kind: 'problem', problem: { message: 'staging.db is damaged.' }, passing: false });
  });

  test.each(['syncing', 'ready', 'degraded'])('goes on to the history once the state is %s', async (state) => {
    const progress = { messagesSynced: 7, chatsSynced: 2 };
    const view = await currentView('baileys', sources(answer({ state }), progress));
    expect(view).toEqual({ kind: 'history', percent: 40, messages: 7, chats: 2 });
  });

  test.each([
    ['stalled', /five minutes/],
    ['failed', /could not be downloaded/],
  ] as const)('says what holds a %s history up', async (status, words) => {
    const view = await currentView('baileys', sources(answer({ state: 'ready' }), { status }));
    expect(view).toMatchObject({ kind: 'history', trouble: expect.stringMatching(words) });
  });

  test.each(['completed', 'completed_recent'] as const)(
    'ends when the history is %s, with what waits',
    async (status) => {
      const view = await currentView('baileys', sources(answer({ state: 'ready' }), { status, messagesSynced: 9 }, 4));
      expect(view).toEqual({ kind: 'done', messages: 9, waiting: 4 });
    },
  );

  test('says in the words of the table why nothing is linked, and whether that may pass', async () => {
    expect(
      await currentView('baileys', sources(answer({ state: 'unlinked', message: 'The pairing was cancelled.' }))),
    ).toEqual({
      kind: 'problem',
      problem: { message: 'The pairing was cancelled.' },
      passing: false,
    });
    expect(await currentView('baileys', sources(answer({ state: 'outdated' })))).toMatchObject({
      problem: { message: expect.stringContaining('update the program') },
    });
    expect(await currentView('baileys', sources(answer({ state: 'down' })))).toMatchObject({ passing: true });
  });

  test('shows a refusal with its next step', async () => {
    const error = {
      success: false,
      error_code: 'needs_passkey',
      message: 'A passkey is asked for.',
      hint: 'Try a QR code.',
      retryable: false,
    } as const;
    expect(await currentView('baileys', sources({ ok: false, error }))).toEqual({
      kind: 'problem',
      problem: { message: 'A passkey is asked for.', nextStep: 'Try a QR code.' },
      passing: false,
    });
  });
});
