import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** Where the page lives: nobody who does not know the token gets to it, whatever program or site they are. */
export interface Place {
  port: number;
  token: string;
}

type Request = Pick<IncomingMessage, 'headers' | 'method' | 'url'>;

export const originOf = ({ port }: Place): string => `http://127.0.0.1:${port}`;

/**
 * The path behind the token, `/` for the page itself. A number is the HTTP status to refuse with: 421 for another host
 * (a name of somebody else's that leads to this machine), 403 for a request from another site, 404 for the rest.
 */
export function admitted({ headers, method, url = '' }: Request, place: Place): string | number {
  if (headers.host !== `127.0.0.1:${place.port}`) return 421;
  // A link to the page may stand anywhere, so only forms have to come from the page itself.
  if (headers.origin !== originOf(place) && (headers.origin !== undefined || method === 'POST')) return 403;
  const [, token = '', ...rest] = url.split('/');
  return sameText(token, place.token) && rest.length === 1 ? `/${rest[0]}` : 404;
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Headers under which a browser runs this script and style alone, keeps nothing and tells nobody. */
export function headersFor(style: string, script: string): OutgoingHttpHeaders {
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // With no-referrer a browser would send our own forms with the origin "null".
    'referrer-policy': 'same-origin',
  };
}
