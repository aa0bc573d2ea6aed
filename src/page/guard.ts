import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Admission } from './admission.ts';

/** Where the page lives, and who has been let in. */
export interface Place {
  port: number;
  admission: Pick<Admission, 'path' | 'knows'>;
}

/** `door`: who has no cookie asks to be let in; `enter`: with a code; else the path below the page's, `/` for itself. */
export type Route = { to: 'door' } | { to: 'enter' } | { to: 'page'; path: string };

type Request = Pick<IncomingMessage, 'headers' | 'method' | 'url'>;

export const originOf = ({ port }: Pick<Place, 'port'>): string => `http://127.0.0.1:${port}`;

/**
 * What a request may see. A number is the HTTP status to refuse with: 421 for another host (a name of somebody else's
 * that leads to this machine), 403 for a request from another site, 404 for the rest.
 */
export function authorize({ headers, method, url = '' }: Request, place: Place): Route | number {
  if (headers.host !== `127.0.0.1:${place.port}`) return 421;
  const isOurs = headers.origin === originOf(place);
  if (url === '/enter' && method === 'POST') {
    // The file that hands a code over has no site, which browsers call null; what lets in is the code.
    return isOurs || headers.origin === 'null' ? { to: 'enter' } : 403;
  }
  // A link to the page may stand anywhere, so only forms have to come from the page itself.
  if (!isOurs && (headers.origin !== undefined || method === 'POST')) return 403;
  if (url === '/' && method === 'GET') return { to: 'door' };
  const { path } = place.admission;
  const below = url.slice(path.length);
  return place.admission.knows(headers.cookie) && url.startsWith(path) && !below.includes('/')
    ? { to: 'page', path: `/${below}` }
    : 404;
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
