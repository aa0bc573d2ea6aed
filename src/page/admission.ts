import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Codes that nobody used are forgotten, the oldest first, when there are more than this. */
const mostCodes = 16;

const secret = (bytes: number): string => randomBytes(bytes).toString('base64url');

/**
 * Who may see the page: a browser that brought a code, which counts once, and has a cookie since. The code may be seen
 * by others of this machine (in a process list, in a chat); the secret in the cookie stands nowhere but in that browser.
 */
export class Admission {
  /** Where the page is. Cookies know no ports: only this keeps ours from other servers of 127.0.0.1. */
  readonly path = `/p/${secret(9)}/`;
  readonly #secret = secret(24);
  readonly #codes: { code: string; onUsed?: () => void }[] = [];

  /** A new code; the fragment of an address is sent to no server and written to no log of one. */
  invite(origin: string, onUsed?: () => void): string {
    const code = secret(18);
    this.#codes.push({ code, ...(onUsed && { onUsed }) });
    if (this.#codes.length > mostCodes) this.#codes.shift();
    return `${origin}/#${code}`;
  }

  /** The cookie to set for who brings a code; undefined when it is none, or was used. */
  redeem(code: string): string | undefined {
    const found = this.#codes.findIndex((known) => sameText(known.code, code));
    if (found === -1) return undefined;
    const [used] = this.#codes.splice(found, 1);
    used?.onUsed?.();
    return `pairing=${this.#secret}; Path=${this.path}; HttpOnly; SameSite=Strict`;
  }

  /** Whether the header of a request has the cookie. */
  knows(cookies: string | undefined): boolean {
    const values = (cookies ?? '').split(';').map((cookie) => cookie.trim());
    return values.some((cookie) => sameText(cookie, `pairing=${this.#secret}`));
  }
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
