import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Max unused codes; the oldest expire first. */
const maxCodes = 16;

const secret = (bytes: number): string => randomBytes(bytes).toString('base64url');

/**
 * Decides who may see the page: a browser exchanges a code, valid once, for a cookie. Others on this machine may see
 * the code (in a process list or a chat); the secret in the cookie exists only in that browser.
 */
export class Admission {
  /** The path of the page. Cookies ignore ports: the path keeps our cookie from other servers on 127.0.0.1. */
  readonly path = `/p/${secret(9)}/`;
  readonly #secret = secret(24);
  readonly #codes: { code: string; onUsed?: () => void }[] = [];

  /** Creates a code. It is in the URL's fragment, which browsers do not send to servers. */
  invite(origin: string, onUsed?: () => void): string {
    const code = secret(18);
    this.#codes.push({ code, ...(onUsed && { onUsed }) });
    if (this.#codes.length > maxCodes) this.#codes.shift();
    return `${origin}/#${code}`;
  }

  /** The cookie to set for a valid code; undefined for an invalid or used one. */
  redeem(code: string): string | undefined {
    const found = this.#codes.findIndex((known) => sameText(known.code, code));
    if (found === -1) return undefined;
    const [used] = this.#codes.splice(found, 1);
    used?.onUsed?.();
    return `pairing=${this.#secret}; Path=${this.path}; HttpOnly; SameSite=Strict`;
  }

  /** Whether the cookie header contains our cookie. */
  hasCookie(cookies: string | undefined): boolean {
    const values = (cookies ?? '').split(';').map((cookie) => cookie.trim());
    return values.some((cookie) => sameText(cookie, `pairing=${this.#secret}`));
  }
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
