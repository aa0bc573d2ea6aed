/** A browser with access to a page: its address and cookie. */
export interface EnteredPage {
  url: string;
  cookie: string;
  /** Sends a request like that browser. */
  fetch(path?: string, init?: RequestInit): Promise<Response>;
}

/** Submits a code like a form; the file that a browser is given has no origin of its own. */
export function bringCode(address: string, origin = 'null'): Promise<Response> {
  const { origin: place, hash } = new URL(address);
  const body = new URLSearchParams({ code: hash.slice(1) });
  return fetch(`${place}/enter`, { method: 'POST', headers: { origin }, redirect: 'error', body });
}

/** Follows an address with a code to the page, like a browser. */
export async function enterPage(address: string): Promise<EnteredPage> {
  const answer = await bringCode(address);
  const [cookie = ''] = answer.headers.get('set-cookie')?.split(';') ?? [];
  const path = /content="0; url=([^"]+)"/.exec(await answer.text())?.[1];
  if (answer.status !== 200 || path === undefined) throw new Error(`not let in: ${answer.status}`);
  const url = new URL(path, address).href;
  const ask = (below = '', { headers, ...init }: RequestInit = {}) =>
    fetch(url + below, { ...init, headers: { cookie, ...(headers as Record<string, string>) } });
  return { url, cookie, fetch: ask };
}
