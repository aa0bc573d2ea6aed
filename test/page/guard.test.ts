import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { authorize, headersFor } from '../../src/page/guard.ts';

const place = {
  port: 4321,
  admission: { path: '/p/abc/', hasCookie: (cookie?: string) => cookie === 'pairing=known' },
};
const host = '127.0.0.1:4321';
const origin = 'http://127.0.0.1:4321';

const ask = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  authorize({ url, method, headers: { host, cookie: 'pairing=known', ...headers } }, place);
const page = (path: string) => ({ to: 'page', path });

describe('The guard', () => {
  test('admits a request with the cookie', () => {
    expect(ask('/p/abc/')).toEqual(page('/'));
    expect(ask('/p/abc/phone')).toEqual(page('/phone'));
    expect(ask('/p/abc/', { origin })).toEqual(page('/'));
    expect(ask('/p/abc/phone', { origin }, 'POST')).toEqual(page('/phone'));
  });

  test.each(['', 'pairing=other', 'pairing=known; a=b'])('knows no page for who has not (%j)', (cookie) => {
    expect(ask('/p/abc/', { cookie })).toBe(404);
    expect(ask('/p/abc/phone', { cookie, origin }, 'POST')).toBe(404);
  });

  test.each(['/p/abc', '/p/ab/', '/p/abcd/', '/P/abc/', '/other/', '//p/abc/', '/p/abc/a/b', '*', ''])(
    'knows no page at %j',
    (url) => {
      expect(ask(url)).toBe(404);
    },
  );

  test('shows everybody the door, and takes a code from it or from a file', () => {
    expect(ask('/', { cookie: '' })).toEqual({ to: 'door' });
    for (const from of [origin, 'null'])
      expect(ask('/enter', { cookie: '', origin: from }, 'POST')).toEqual({ to: 'enter' });
    expect(ask('/enter')).toBe(404);
    expect(ask('/', { origin }, 'POST')).toBe(404);
  });

  test.each(['http://evil.example', 'http://127.0.0.1:4322', 'file://', ''])('takes no code from %j', (from) => {
    expect(ask('/enter', { origin: from }, 'POST')).toBe(403);
  });

  test.each(['evil.example', 'evil.example:4321', 'localhost:4321', '127.0.0.1', '127.0.0.1:80', '[::1]:4321'])(
    'refuses the host %s, a name that somebody else may have pointed here',
    (other) => {
      for (const url of ['/', '/p/abc/']) expect(ask(url, { host: other })).toBe(421);
      expect(ask('/enter', { host: other, origin }, 'POST')).toBe(421);
    },
  );

  test('refuses a request without a host', () => {
    expect(authorize({ url: '/p/abc/', method: 'GET', headers: {} }, place)).toBe(421);
  });

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:4322', 'https://127.0.0.1:4321'])(
    'refuses what comes from %s',
    (other) => {
      expect(ask('/p/abc/', { origin: other })).toBe(403);
      expect(ask('/p/abc/phone', { origin: other }, 'POST')).toBe(403);
    },
  );

  test('refuses a form that does not say where it comes from', () => {
    expect(ask('/p/abc/phone', {}, 'POST')).toBe(403);
    expect(ask('/enter', {}, 'POST')).toBe(403);
  });
});

describe('The headers', () => {
  const headers = headersFor('p {}', 'let a;');
  const policy = String(headers['content-security-policy']);

  test('allow only this script and this style', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash('let a;')}';`);
    expect(policy).toContain(`style-src 'sha256-${hash('p {}')}';`);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test('forbid caching and framing', () => {
    expect(headers['cache-control']).toBe('no-store');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});
