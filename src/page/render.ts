import { escapeHtml, wholePage } from './shell.ts';
import { codeSteps, keepOnline, scanSteps } from './steps.ts';
import type { Problem, View } from './view.ts';

export interface Frame {
  style: string;
  script: string;
  /** The command behind the page has ended: it can answer no further requests. */
  hasEnded: boolean;
}

/** Seconds between reloads without a script. */
const reloadSeconds = 3;

/** The page for a view. Forms and links are relative to its own address. */
export function render(view: View, { style, script, hasEnded }: Frame): string {
  const fresh = !hasEnded && isPolling(view);
  const heading = headings[view.kind](view as never);
  const reload = fresh ? `<noscript><meta http-equiv="refresh" content="${reloadSeconds}"></noscript>` : '';
  return wholePage(
    `${heading} · whatsapp-hybrid-mcp`,
    `${reload}\n<style>${style}</style>`,
    `<div class="page">
<h1>whatsapp-hybrid-mcp</h1>
${way(view)}
<p id="status" role="status" class="heard">${escapeHtml(heading)}</p>
<p id="gone" class="bad" role="alert" hidden>This page has ended. Your terminal or your assistant knows what came of it.</p>
<main class="card" data-kind="${view.kind}"${fresh ? ' data-refresh="1"' : ''}>
<h2>${escapeHtml(heading)}</h2>
${body(view, hasEnded)}
</main>
</div>
<script>${script}</script>`,
  );
}

/** Whether the view may still change; a form in use and a final state stay as they are. */
export function isPolling(view: View): boolean {
  if (view.kind === 'done') return view.waiting > 0;
  return view.kind === 'problem' ? view.passing : view.kind !== 'phone';
}

const headings: { [K in View['kind']]: (view: Extract<View, { kind: K }>) => string } = {
  qr: () => 'Scan this code with your phone',
  code: () => 'Type this code on your phone',
  phone: () => 'Link with your phone number',
  connecting: () => 'Connecting',
  history: () => 'Your history is arriving',
  done: ({ waiting }) => (waiting > 0 ? 'Your history has arrived' : 'Ready'),
  problem: () => 'It did not work',
};

const stages = ['Link', 'History', 'Use'];
const stageOf: Record<View['kind'], number> = {
  ...{ qr: 0, code: 0, phone: 0, connecting: 0, problem: 0, history: 1, done: 2 },
};

function way({ kind }: View): string {
  const items = stages.map((stage, index) => {
    const mark = index < stageOf[kind] ? ' class="past"' : index === stageOf[kind] ? ' aria-current="step"' : '';
    return `<li${mark}>${index + 1}. ${stage}</li>`;
  });
  return `<ol class="way" aria-label="Progress">${items.join('')}</ol>`;
}

function body(view: View, ended: boolean): string {
  switch (view.kind) {
    case 'qr': {
      const { mimeType, data } = view.image;
      const picture = `<img class="qr" alt="QR code to scan with WhatsApp" src="data:${escapeHtml(mimeType)};base64,${escapeHtml(data)}">`;
      return `${list(scanSteps)}${picture}${valid(view.secondsLeft, renewed)}${choices(byNumber)}`;
    }
    case 'code':
      return `${list(codeSteps)}<strong class="code">${escapeHtml(view.code)}</strong>${valid(view.secondsLeft)}${choices(ask('Use a QR code instead', 'link'))}`;
    case 'phone':
      return phoneForm(view.number, view.problem);
    case 'connecting':
      return `<p>${escapeHtml(view.message)}</p><progress aria-label="Connecting"></progress>`;
    case 'history':
      return historyBody(view);
    case 'done':
      return doneBody(view);
    case 'problem':
      return problemBody(view.problem) + (ended ? restart : choices(ask('Show a new code'), byNumber));
  }
}

const list = (steps: readonly string[]): string =>
  `<ol class="steps">${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('')}</ol>`;

const valid = (seconds: number, then = ''): string => `<p class="soft">Valid for ${seconds} seconds.${then}</p>`;
const renewed = ' Then a new one appears here by itself.';

const choices = (...forms: readonly string[]): string => `<div class="choices">${forms.join('')}</div>`;
const byNumber = '<a href="phone">Use your phone number instead</a>';
const ask = (label: string, style = ''): string =>
  `<form method="post" action="qr"><button${style && ` class="${style}"`}>${label}</button></form>`;
const restart = '<p>Start again with <code>whatsapp-hybrid-mcp login</code>.</p>';

function phoneForm(number: string, problem?: Problem): string {
  return `${problem ? problemBody(problem) : ''}<form method="post" action="phone">
<label for="phone">Your own number, with country code</label>
<input id="phone" name="phone" type="tel" autocomplete="tel" required maxlength="30" placeholder="+1 555 010 0000" value="${escapeHtml(number)}"${problem ? ' aria-invalid="true"' : ''}>
<p class="soft">It goes to WhatsApp alone, which then asks on your phone for a code shown here.</p>
<div class="choices"><button>Show a code</button><a href="./">Back to the QR code</a></div>
</form>`;
}

function historyBody({ percent, messages, chats, trouble }: Extract<View, { kind: 'history' }>): string {
  const warning = trouble === undefined ? '' : `<p class="bad">It waits: ${escapeHtml(trouble)}.</p>`;
  return `<p>Your phone is linked and sends its history. ${escapeHtml(keepOnline)}</p>${warning}
<progress aria-label="History" max="100" value="${percent}"></progress>
<p class="soft">${Math.floor(percent)}% · ${count(messages, 'message')} in ${count(chats, 'chat')}</p>`;
}

function doneBody({ messages, waiting }: Extract<View, { kind: 'done' }>): string {
  if (waiting > 0) {
    return `<p>${count(messages, 'message')} arrived; ${count(waiting, 'message')} wait to be copied into the searchable store. The <code>login</code> command does that now by itself. Elsewhere, ask your assistant: “Copy my WhatsApp history into the database.”</p>`;
  }
  return `<p>Your phone is linked, and ${count(messages, 'message')} of its history can be searched.</p>
${list(['Connect your assistant: whatsapp-hybrid-mcp setup', 'Ask it: “What did I miss on WhatsApp?”'])}
<p class="soft">You can close this page. Unlink at any time on the phone: Settings › Linked devices.</p>`;
}

function problemBody({ message, nextStep }: Problem): string {
  return `<p class="bad">${escapeHtml(message)}</p>${nextStep === undefined ? '' : `<p>${escapeHtml(nextStep)}</p>`}`;
}

const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
