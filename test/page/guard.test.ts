import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { admitted, headersFor } from '../../src/page/guard.ts';

const place = { port: 4321, token: 'secret' };
const host = '127.0.0.1:4321';
const origin = 'http://127.0.0.1:4321';

const ask = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  admitted({ url, method, headers: { host, ...headers } }, place);

describe('The guard', () => {
  test('lets in who knows the address', () => {
    expect(ask('/secret/')).toBe('/');
    expect(ask('/secret/phone')).toBe('/phone');
    expect(ask('/secret/', { origin })).toBe('/');
    expect(ask('/secret/phone', { origin }, 'POST')).toBe('/phone');
  });

  test.each(['/', '/secret', '/secre/', '/secrets/', '/SECRET/', '/other/', '//secret/', '/secret/a/b', '*', ''])(
    'knows no page at %j',
    (url) => {
      expect(ask(url)).toBe(404);
    },
  );

  test.each(['evil.example', 'evil.example:4321', 'localhost:4321', '127.0.0.1', '127.0.0.1:80', '[::1]:4321'])(
    'refuses the host %s, a name that somebody else may have pointed here',
    (other) => {
      expect(ask('/secret/', { host: other })).toBe(421);
    },
  );

  test('refuses a request without a host', () => {
    expect(admitted({ url: '/secret/', method: 'GET', headers: {} }, place)).toBe(421);
  });

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:4322', 'https://127.0.0.1:4321'])(
    'refuses what comes from %s',
    (other) => {
      expect(ask('/secret/', { origin: other })).toBe(403);
      expect(ask('/secret/phone', { origin: other }, 'POST')).toBe(403);
    },
  );

  test('refuses a form that does not say where it comes from', () => {
    expect(ask('/secret/phone', {}, 'POST')).toBe(403);
  });
});

describe('The headers', () => {
  const headers = headersFor('p {}', 'let a;');
  const policy = String(headers['content-security-policy']);

  test('let a browser run this script and this style alone', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash('let a;')}';`);
    expect(policy).toContain(`style-src 'sha256-${hash('p {}')}';`);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test('let it keep nothing, and show the page in no other', () => {
    expect(headers['cache-control']).toBe('no-store');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});
