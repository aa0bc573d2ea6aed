/**
 * Runs in the browser: fetches the page every second and replaces its main part, without flicker, so that a screen
 * reader announces only changes. Without the script the page reloads itself.
 */
export const script = `
'use strict';
const every = 1000;
async function refresh() {
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok) throw new Error(String(answer.status));
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [shown, fresh] = [document.querySelector('main'), next.querySelector('main')];
    if (!shown.contains(document.activeElement) || shown.dataset.kind !== fresh.dataset.kind) shown.replaceWith(fresh);
    const [said, say] = [document.querySelector('#status'), next.querySelector('#status')];
    if (said.textContent !== say.textContent) said.textContent = say.textContent;
    if (fresh.dataset.refresh) setTimeout(refresh, every);
  } catch {
    document.querySelector('#gone').hidden = false;
  }
}
if (document.querySelector('main').dataset.refresh) setTimeout(refresh, every);
`;
