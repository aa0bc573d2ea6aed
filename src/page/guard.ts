import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Admission } from './admission.ts';

/** The page's address, and its admitted browsers. */
export interface PageLocation {
  port: number;
  admission: Pick<Admission, 'path' | 'hasCookie'>;
}

/**
 * `door`: without a cookie, asks for the code; `enter`: brings a code; otherwise the path below the page's, `/` for
 * itself.
 */
export type Route = { to: 'door' } | { to: 'enter' } | { to: 'page'; path: string };

type Request = Pick<IncomingMessage, 'headers' | 'method' | 'url'>;

export const originOf = ({ port }: Pick<PageLocation, 'port'>): string => `http://127.0.0.1:${port}`;

/**
 * Decides what a request may see. A number is the HTTP status of a refusal: 421 for another host (a foreign name that
 * resolves to this machine), 403 for a request from another site, 404 for the rest.
 */
export function authorize({ headers, method, url = '' }: Request, place: PageLocation): Route | number {
  if (headers.host !== `127.0.0.1:${place.port}`) return 421;
  const isOurs = headers.origin === originOf(place);
  if (url === '/enter' && method === 'POST') {
    // The file that passes on the code has the origin "null"; the code itself authorizes the request.
    return isOurs || headers.origin === 'null' ? { to: 'enter' } : 403;
  }
  // Any site may link to the page, so only forms must come from the page itself.
  if (!isOurs && (headers.origin !== undefined || method === 'POST')) return 403;
  if (url === '/' && method === 'GET') return { to: 'door' };
  const { path } = place.admission;
  const below = url.slice(path.length);
  return place.admission.hasCookie(headers.cookie) && url.startsWith(path) && !below.includes('/')
    ? { to: 'page', path: `/${below}` }
    : 404;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Headers that make a browser run only this script and style, cache nothing and send no referrer to others. */
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
