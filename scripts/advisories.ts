import { spawnSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { fileURLToPath } from 'node:url';
import { daemonFolder, goVersion } from '../bridges/whatsmeow/build.ts';
import { packageRoot } from '../src/package.ts';
import { type Outcome, type Verdict, verdictOfGo, verdictOfNpm } from './advisory-verdict.ts';

/** An exact version: a security tool must not run whatever was published last. */
const govulncheck = 'golang.org/x/vuln/cmd/govulncheck@v1.9.0';
/** govulncheck compiles first and loads the whole program. */
const maxMs = { npm: 90_000, go: 600_000 };

function run(command: string, args: readonly string[], cwd: string, timeout: number): Outcome {
  const options = { cwd, timeout, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  });
  const isTimeout = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
  return { status, stdout: stdout ?? '', stderr: stderr ?? error?.message ?? '', isTimeout };
}

function auditNpm(omit: readonly string[]): Verdict {
  const args = ['audit', '--json', '--package-lock-only', '--fetch-retries=0', '--fetch-timeout=30000', ...omit];
  return verdictOfNpm(run('npm', args, packageRoot(), maxMs.npm));
}

/** Compiling govulncheck takes a minute, so its database is looked up first. GOVULNDB names another one. */
async function isGoDatabaseFound(): Promise<boolean> {
  if (process.env['GOVULNDB'] !== undefined) return true;
  return lookup('vuln.go.dev').then(
    () => true,
    () => false,
  );
}

async function auditGo(): Promise<Verdict> {
  if ((await goVersion()) === undefined) return { kind: 'unreachable', reason: 'there is no Go that is new enough' };
  if (!(await isGoDatabaseFound())) return { kind: 'unreachable', reason: 'vuln.go.dev cannot be resolved' };
  return verdictOfGo(run('go', ['run', govulncheck, '-format', 'json', './...'], daemonFolder(), maxMs.go));
}

/** Prints the verdict; false when there are findings, or the tool failed. */
export function say(name: string, verdict: Verdict, write: (line: string) => void): boolean {
  if (verdict.kind === 'unreachable') write(`*** SKIPPED *** advisories of ${name}: ${verdict.reason}`);
  else if (verdict.kind === 'broken') write(`failed: advisories of ${name}: ${verdict.reason}`);
  else if (verdict.findings.length === 0) write(`advisories of ${name}: none`);
  else for (const finding of verdict.findings) write(`advisory for ${name}: ${finding}`);
  if (verdict.kind === 'read') for (const note of verdict.notes) write(`note on ${name}: ${note}`);
  return verdict.kind === 'unreachable' || (verdict.kind === 'read' && verdict.findings.length === 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const verdicts: [string, Verdict][] = [
    ['the npm packages of users', auditNpm(['--omit=dev'])],
    ['all npm packages', auditNpm([])],
    ['wa-bridge', await auditGo()],
  ];
  const held = verdicts.map(([name, verdict]) => say(name, verdict, console.log));
  process.exitCode = held.every(Boolean) ? 0 : 1;
}
