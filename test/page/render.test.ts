import { describe, expect, test } from 'vitest';
import { isPolling, render } from '../../src/page/render.ts';
import { codeSteps, scanSteps } from '../../src/page/steps.ts';
import type { View } from '../../src/page/view.ts';

const views: { [K in View['kind']]: Extract<View, { kind: K }> } = {
  qr: { kind: 'qr', image: { mimeType: 'image/png', data: 'QUJD' }, secondsLeft: 41 },
  code: { kind: 'code', code: 'ABCD-1234', secondsLeft: 150 },
  phone: { kind: 'phone', number: '' },
  connecting: { kind: 'connecting', message: 'The phone linked this device.' },
  history: { kind: 'history', percent: 40.7, messages: 1234, chats: 1 },
  done: { kind: 'done', messages: 8432, waiting: 0 },
  problem: { kind: 'problem', problem: { message: 'Nobody used the code in time.' }, passing: false },
};

function html(view: View, hasEnded = false): string {
  return render(view, { style: 'p { margin: 0 }', script: 'let a = 1;', hasEnded });
}

/** The visible text. */
const textOf = (page: string): string =>
  page
    .replace(/^.*<main[^>]*>/s, '')
    .replace(/<\/main>.*$/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

const all = Object.values(views);

describe('Every view', () => {
  test.each(all.map((view) => [view.kind, view] as const))(
    '%s is a whole page that takes nothing from elsewhere',
    (_, view) => {
      const page = html(view);
      expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(page).toContain('<meta name="viewport"');
      expect(page.match(/<main /g)).toHaveLength(1);
      expect(page.match(/<h2>/g)).toHaveLength(1);
      expect(page).not.toMatch(/https?:|src="(?!data:)|url\(|@import| style="| on[a-z]+="/);
      for (const [input] of page.matchAll(/<input[^>]*>/g))
        expect(page).toContain(`<label for="${/id="(\w+)"/.exec(input)?.[1]}">`);
      for (const [image] of page.matchAll(/<img[^>]*>/g)) expect(image).toMatch(/alt="[^"]{5,}"/);
      for (const [bar] of page.matchAll(/<progress[^>]*>/g)) expect(bar).toContain('aria-label="');
    },
  );

  test.each(all.map((view) => [view.kind, view] as const))(
    '%s reloads itself with and without a script while there is more to come',
    (_, view) => {
      const page = html(view);
      expect(page.includes('data-refresh="1"')).toBe(isPolling(view));
      expect(page.includes('<noscript><meta http-equiv="refresh" content="3"></noscript>')).toBe(isPolling(view));
      expect(html(view, true)).not.toContain('data-refresh="1"');
    },
  );
});

describe('The page', () => {
  test('shows the QR code as a picture, how long it is valid, what to tap, and the other way', () => {
    const page = html(views.qr);
    expect(page).toContain('src="data:image/png;base64,QUJD"');
    for (const words of [...scanSteps, 'Valid for 41 seconds']) expect(textOf(page)).toContain(words);
    expect(page).toContain('<a href="phone">');
  });

  test('shows the code large, what to tap, and the way back', () => {
    const page = html(views.code);
    expect(page).toContain('<strong class="code">ABCD-1234</strong>');
    for (const words of [...codeSteps, 'Valid for 150 seconds']) expect(textOf(page)).toContain(words);
    expect(page).toContain('<form method="post" action="qr">');
  });

  test('takes the phone number, keeps what was typed, and says what was wrong with it', () => {
    expect(html(views.phone)).not.toContain('aria-invalid');
    const problem = { message: 'The number needs its country code.', nextStep: 'Correct it.' };
    const page = html({ ...views.phone, number: '555', problem });
    expect(page).toContain('value="555" aria-invalid="true"');
    expect(textOf(page)).toContain('The number needs its country code. Correct it.');
  });

  test('shows how far the history is, and what holds it up', () => {
    const page = html(views.history);
    expect(page).toContain('<progress aria-label="History" max="100" value="40.7">');
    expect(textOf(page)).toContain('40% · 1,234 messages in 1 chat ');
    expect(textOf(html({ ...views.history, trouble: 'nothing arrived for five minutes' }))).toContain(
      'nothing arrived',
    );
  });

  test('shows the next step for each state', () => {
    expect(textOf(html(views.done))).toMatch(/Ready .*8,432 messages.*whatsapp-hybrid-mcp setup/);
    const waiting = textOf(html({ ...views.done, waiting: 1 }));
    expect(waiting).toMatch(/8,432 messages arrived; 1 message wait.*ask your assistant/);
    expect([isPolling(views.done), isPolling({ ...views.done, waiting: 1 })]).toEqual([false, true]);
  });

  test('offers another try after a problem, or the command when that has ended', () => {
    expect(html(views.problem)).toContain('Show a new code');
    const ended = html(views.problem, true);
    expect(ended).not.toContain('<form');
    expect(textOf(ended)).toContain('whatsapp-hybrid-mcp login');
  });

  test('marks where on the way it is', () => {
    const current = (view: View) => /aria-current="step">(\d)/.exec(html(view))?.[1];
    expect([views.qr, views.history, views.done].map(current)).toEqual(['1', '2', '3']);
  });

  test('escapes all text', () => {
    const nasty = `"><script>alert('x')</script>&`;
    for (const view of [
      { ...views.phone, number: nasty },
      { ...views.code, code: nasty },
      { ...views.connecting, message: nasty },
      { ...views.problem, problem: { message: nasty, nextStep: nasty } },
      { ...views.history, trouble: nasty },
      { ...views.qr, image: { mimeType: nasty, data: nasty } },
    ] satisfies View[]) {
      expect(html(view).match(/<script>/g)).toHaveLength(1);
      expect(html(view)).not.toContain('">&lt;');
      expect(html(view)).toContain('&#60;script&#62;');
    }
  });
});
