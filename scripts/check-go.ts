import { execFileSync, spawnSync } from 'node:child_process';
import { daemonFolder, goVersion } from '../bridges/whatsmeow/build.ts';

/**
 * Packages with concurrent code, which the race detector checks; it makes SQLite many times slower, so the others are
 * left out.
 */
const racedPackages = ['./http', './wa', './cmd/...'];

const environment = { ...process.env, GOTOOLCHAIN: 'local' };
let failures = 0;

function step(name: string, works: () => boolean): void {
  console.log(`-- ${name}`);
  if (works()) return;
  failures += 1;
  console.error(`failed: ${name}`);
}

function go(args: readonly string[], cgo: '0' | '1'): boolean {
  const env = { ...environment, CGO_ENABLED: cgo };
  return spawnSync('go', args, { cwd: daemonFolder(), env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function isFormatted(): boolean {
  const wrong = execFileSync('gofmt', ['-l', '.'], { cwd: daemonFolder(), env: environment, encoding: 'utf8' });
  if (wrong !== '') console.error(`gofmt would change:\n${wrong}`);
  return wrong === '';
}

const hasCompiler = (): boolean => spawnSync('gcc', ['--version'], { stdio: 'ignore' }).status === 0;

if ((await goVersion()) === undefined) {
  console.error('*** SKIPPED *** the checks of wa-bridge: there is no Go that is new enough in the PATH');
} else {
  step('gofmt', isFormatted);
  step('go vet', () => go(['vet', './...'], '0') && go(['vet', '-tags', 'simulator', './...'], '0'));
  step('go test', () => go(['test', './...'], '0'));
  if (hasCompiler()) step('go test -race', () => go(['test', '-race', ...racedPackages], '1'));
  else console.error('*** SKIPPED *** go test -race: no C compiler (gcc) is here');
}
process.exitCode = failures === 0 ? 0 : 1;
