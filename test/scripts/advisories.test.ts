import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { say } from '../../scripts/advisories.ts';
import { type Outcome, verdictOfGo, verdictOfNpm } from '../../scripts/advisory-verdict.ts';

/**
 * Recorded outputs of the tools with invented vulnerabilities. The finding with a function follows govulncheck's
 * documentation.
 */
const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'advisories', name), 'utf8');
const outcome = (changes: Partial<Outcome>): Outcome => ({
  status: 0,
  stdout: '',
  stderr: '',
  isTimeout: false,
  ...changes,
});
const noHost =
  'govulncheck: fetching vulnerabilities: Get "https://vuln.go.dev/index/modules.json.gz": dial tcp: lookup vuln.go.dev: no such host\nexit status 1\n';

/** The printed lines of a verdict, and whether the check passes. */
function said(verdict: Parameters<typeof say>[1]) {
  const lines: string[] = [];
  return { holds: say('us', verdict, (line) => lines.push(line)), text: lines.join('\n') };
}

describe('npm audit', () => {
  test('that found nothing holds', () => {
    const verdict = verdictOfNpm(outcome({ stdout: recorded('npm-clean.json') }));
    expect(said(verdict)).toEqual({ holds: true, text: 'advisories of us: none' });
  });

  test('that found something fails, with what and where to read of it', () => {
    const verdict = verdictOfNpm(outcome({ status: 1, stdout: recorded('npm-finding.json') }));
    const text = 'advisory for us: diff, high: An invented fault (https://github.com/advisories/GHSA-0000-0000-0000)';
    expect(said(verdict)).toEqual({ holds: false, text });
  });

  test('whose registry has no such service is skipped', () => {
    const verdict = verdictOfNpm(outcome({ status: 1, stdout: recorded('npm-no-service.json') }));
    expect(said(verdict)).toEqual({
      holds: true,
      text: expect.stringMatching(/^\*\*\* SKIPPED \*\*\* advisories of us: 405/),
    });
  });

  test('without an answer in time is skipped', () => {
    const message = 'request to https://registry.example/ failed, reason: connect ECONNREFUSED 192.0.2.1:443';
    const refused = verdictOfNpm(outcome({ status: 1, stdout: JSON.stringify({ message, error: {} }) }));
    for (const verdict of [refused, verdictOfNpm(outcome({ status: null, isTimeout: true }))])
      expect(said(verdict)).toEqual({ holds: true, text: expect.stringContaining('*** SKIPPED ***') });
  });

  test.each([
    ['says nothing', {}],
    ['finds the lock file wrong', { stdout: '{"message":"The lock file is invalid","error":{"code":"EUSAGE"}}' }],
    ['is told that the question is wrong', { stdout: '{"message":"400 Bad Request","statusCode":400}' }],
    ['is no program', { status: null, stderr: 'spawnSync npm ENOENT' }],
  ])('that %s fails', (_, changes) => {
    expect(said(verdictOfNpm(outcome({ status: 1, ...changes })))).toEqual({
      holds: false,
      text: expect.stringContaining('failed: advisories of us'),
    });
  });
});

describe('govulncheck', () => {
  test('that found nothing holds', () => {
    const verdict = verdictOfGo(outcome({ stdout: recorded('govulncheck-clean.txt') }));
    expect(said(verdict)).toEqual({ holds: true, text: 'advisories of us: none' });
  });

  test('that found a fault which is called fails, though its exit code is 0, and tells of one that is not called', () => {
    const { holds, text } = said(verdictOfGo(outcome({ stdout: recorded('govulncheck-finding.txt') })));
    expect(holds).toBe(false);
    expect(text).toMatch(/^advisory for us: GO-2099-0001 in go\.mau\.fi\/whatsmeow v\S+: An invented fault$/m);
    expect(text).toMatch(
      /^note on us: GO-2099-0002 in golang\.org\/x\/text v\S+: An invented fault that nothing calls$/m,
    );
    expect(text.split('\n')).toHaveLength(2);
  });

  test('that finds only what is not called holds', () => {
    const messages = recorded('govulncheck-finding.txt').split(/^(?=\{$)/m);
    const stdout = messages.filter((text) => !text.includes('GO-2099-0001')).join('');
    expect(said(verdictOfGo(outcome({ stdout })))).toEqual({
      holds: true,
      text: expect.stringMatching(/^advisories of us: none\nnote on us: GO-2099-0002/),
    });
  });

  test('that reaches no database, or not in time, is skipped', () => {
    const stdout = recorded('govulncheck-clean.txt');
    for (const changes of [
      { status: 1, stdout, stderr: noHost },
      { status: null, isTimeout: true },
    ])
      expect(said(verdictOfGo(outcome(changes)))).toEqual({
        holds: true,
        text: expect.stringContaining('*** SKIPPED ***'),
      });
  });

  test.each([
    ['cannot load the program', { status: 1, stderr: 'govulncheck: loading packages: errors\nexit status 1' }],
    ['says nothing that can be read', { status: 0, stdout: 'no vulnerabilities' }],
  ])('that %s fails', (_, changes) => {
    expect(said(verdictOfGo(outcome(changes))).holds).toBe(false);
  });
});
