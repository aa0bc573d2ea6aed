/** The page's style: one column, light or dark as the browser prefers, no external picture or font. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2b33; --soft: #54656f; --paper: #f0f2f5; --card: #fff; --line: #d5dbdf; --lead: #00705a; --on-lead: #fff; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9edef; --soft: #aebac1; --paper: #0b141a; --card: #17232a; --line: #33444d; --lead: #25d3a2; --on-lead: #06251d; --bad: #ff9a90; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.25rem; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
.page { max-width: 34rem; margin: 0 auto; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.5rem; }
h1 { font-size: 1.125rem; margin: 0 0 1rem; color: var(--soft); font-weight: 600; }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
p { margin: .75rem 0; }
ol.way { display: flex; gap: .5rem; list-style: none; margin: 0 0 1rem; padding: 0; font-size: .9375rem; color: var(--soft); }
ol.way li { flex: 1; border-top: .25rem solid var(--line); padding-top: .375rem; }
ol.way li.past, ol.way li[aria-current] { border-color: var(--lead); }
ol.way li[aria-current] { color: var(--ink); font-weight: 600; }
ol.steps { padding-left: 1.5rem; margin: .75rem 0; }
.qr { display: block; width: min(100%, 24rem); height: auto; margin: 1rem auto; padding: .75rem; background: #fff; border-radius: .75rem; }
.code { display: block; text-align: center; font: 700 clamp(1.75rem, 9vw, 2.75rem)/1.2 ui-monospace, monospace; letter-spacing: .08em; white-space: nowrap; padding: 1rem 0; }
.heard { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); }
.soft { color: var(--soft); }
.bad { color: var(--bad); font-weight: 600; }
progress { display: block; width: 100%; height: .75rem; accent-color: var(--lead); }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
input { width: 100%; font: inherit; padding: .625rem .75rem; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .5rem; }
.choices { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin-top: 1.25rem; }
form { margin: 0; }
button { font: inherit; font-weight: 600; padding: .625rem 1.25rem; border: 0; border-radius: .5rem; background: var(--lead); color: var(--on-lead); cursor: pointer; }
a, .choices .link { color: var(--lead); }
button.link { background: none; padding: 0; text-decoration: underline; font-weight: 400; }
:focus-visible { outline: 3px solid var(--lead); outline-offset: 2px; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
`;
