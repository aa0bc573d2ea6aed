import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestFunction, test } from 'vitest';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const browser = names.find((name) => spawnSync(name, ['--version']).status === 0);

/** Milliseconds of the page's virtual time: pauses pass at once, fetches take their real time. */
const pageMs = 20_000;

function run(args: readonly string[], url: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'whatsapp-chromium-'));
  const always = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--user-data-dir=${home}`];
  const child = spawn(browser ?? '', [...always, `--virtual-time-budget=${pageMs}`, ...args, url]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
      if (code === 0) resolve(output);
      else reject(new Error(`${browser} ended with ${code}`));
    });
  });
}

/** A test that needs a browser: without one it is skipped, and the output names the missing program. */
function inBrowser(title: string, work: TestFunction): void {
  if (browser === undefined) process.stderr.write(`SKIPPED, no Chromium on this machine: ${title}\n`);
  test.skipIf(browser === undefined)(title, work, 60_000);
}

/** The page after its scripts have run. */
export const dumpDom = { test: inBrowser, of: (url: string) => run(['--dump-dom'], url) };

/** A picture of the page, written to a PNG file. */
export const screenshot = {
  test: inBrowser,
  of: (url: string, file: string, { width, height }: { width: number; height: number }) =>
    run([`--screenshot=${file}`, `--window-size=${width},${height}`], url),
};
