import { escapeHtml, wholePage } from './shell.ts';

const title = 'whatsapp-hybrid-mcp';

/** Removes the code from the address, which a browser keeps in its history, and sends it. */
export const doorScript = `
'use strict';
const code = location.hash.slice(1);
history.replaceState(null, '', '/');
if (code) {
  document.querySelector('input').value = code;
  document.forms[0].submit();
}
`;

/** The page for visitors without a cookie: asks for the code. */
export function door(style: string, refused: boolean): string {
  const words = 'This code was used already, or is none. Whoever began the pairing can ask for a new one.';
  return wholePage(
    title,
    `<style>${style}</style>`,
    `<div class="page">
<h1>whatsapp-hybrid-mcp</h1>
<main class="card">
<h2>${refused ? 'This opens nothing any more' : 'Linking a phone'}</h2>
${refused ? `<p class="bad" role="alert">${words}</p>` : ''}
<form method="post" action="/enter">
<label for="code">The code behind # in the address</label>
<input id="code" name="code" autocomplete="off" required>
<p class="choices"><button>Show the page</button></p>
</form>
</main>
</div>
<script>${doorScript}</script>`,
  );
}

/** Links to the page. A redirect would lack the cookie, because the request came from another site. */
export function welcome(path: string): string {
  const to = escapeHtml(path);
  return wholePage(
    title,
    `<meta http-equiv="refresh" content="0; url=${to}">`,
    `<p><a href="${to}">The page of the pairing</a></p>`,
  );
}

/**
 * A file that replaces an address on the command line: every user can read a process's arguments, but not this file.
 */
export function handover(url: string): string {
  const { origin, hash } = new URL(url);
  return wholePage(
    title,
    '<meta name="referrer" content="no-referrer">',
    `<form method="post" action="${escapeHtml(origin)}/enter">
<input type="hidden" name="code" value="${escapeHtml(hash.slice(1))}">
<button>Show the page of the pairing</button>
</form>
<script>document.forms[0].submit()</script>`,
  );
}
