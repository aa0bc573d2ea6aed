import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BridgeId } from '../../bridges/bridge.ts';
import { admitted, headersFor, originOf } from './guard.ts';
import { type Listener, listen } from './listener.ts';
import { isLively, render } from './render.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { look, type Problem, problemOf, type Sources, type View } from './view.ts';

/** A page on this machine that shows the linking of a phone while it is under way, and the history after it. */
export interface PairingPage {
  /** Serves the page, and returns its address; the one that is served already for the same bridge. */
  open(bridge: BridgeId): Promise<string>;
  /** Gives those who look the last word, for at most three seconds, and stops. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

export interface Patience {
  /** After a pairing nobody has looked at the page for this long: it stops, ms. */
  idleMs: number;
  /** With nothing left to follow it stops after this long although a forgotten tab still looks, ms. */
  overMs: number;
  /** How often that is looked at, ms. */
  checkMs: number;
  /** How long the last word waits for somebody who was looking just before, ms. */
  lastWordMs: number;
}

/** Browsers let a hidden page ask once a minute. */
const usual: Patience = { idleMs: 150_000, overMs: 600_000, checkMs: 5_000, lastWordMs: 3_000 };
/** Bytes of a form; a phone number has no more. */
const formLimit = 1_000;

export function createPairingPage(sources: Sources, patience: Partial<Patience> = {}): PairingPage {
  const page = new Page(sources, { ...usual, ...patience });
  return { open: (bridge) => page.open(bridge), finish: () => page.finish(), close: () => page.close() };
}

class Page {
  readonly #sources: Sources;
  readonly #patience: Patience;
  readonly #headers = headersFor(style, script);
  #listener: Promise<Listener> | undefined;
  #token = '';
  #bridge: BridgeId = 'baileys';
  #lookedAt = 0;
  #overSince: number | undefined;
  /** What was shown last goes on changing, so that whoever looked will look again. */
  #lively = false;
  #looked: (() => void) | undefined;
  #refused: Problem | undefined;
  #ended = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(sources: Sources, patience: Patience) {
    this.#sources = sources;
    this.#patience = patience;
  }

  async open(bridge: BridgeId): Promise<string> {
    this.#bridge = bridge;
    if (!this.#listener) {
      this.#token = randomBytes(24).toString('base64url');
      this.#lookedAt = Date.now();
      this.#ended = false;
      this.#overSince = undefined;
      this.#listener = listen((request, response) => this.#answer(request, response));
      this.#listener.catch(() => {
        this.#listener = undefined;
      });
      this.#watch = setInterval(() => this.#stopWhenOver().catch(() => this.close()), this.#patience.checkMs).unref();
    }
    const { port } = await this.#listener;
    return `${originOf({ port, token: this.#token })}/${this.#token}/`;
  }

  async finish(): Promise<void> {
    this.#ended = true;
    const { lastWordMs } = this.#patience;
    if (this.#listener && this.#lively && Date.now() - this.#lookedAt < lastWordMs) {
      await new Promise<void>((resolve) => {
        this.#looked = resolve;
        setTimeout(resolve, lastWordMs).unref();
      });
    }
    await this.close();
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    const listener = this.#listener;
    this.#listener = undefined;
    await (await listener?.catch(() => undefined))?.close();
  }

  async #stopWhenOver(): Promise<void> {
    const { idleMs, overMs } = this.#patience;
    const { kind } = await look(this.#bridge, this.#sources);
    const now = Date.now();
    const over = kind === 'done' || kind === 'problem';
    this.#overSince = over ? (this.#overSince ?? now) : undefined;
    const forgotten = this.#overSince !== undefined && now - this.#overSince >= overMs;
    const unseen = kind !== 'qr' && kind !== 'code' && now - this.#lookedAt >= idleMs;
    if (unseen || forgotten) await this.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port } = (await this.#listener) ?? { port: 0 };
    const path = admitted(request, { port, token: this.#token });
    if (typeof path === 'number') return void response.writeHead(path).end();
    const route = `${request.method} ${path}`;
    if (route === 'GET /') return this.#show(response, 200, await this.#view());
    if (route === 'GET /phone') return this.#show(response, 200, { kind: 'phone', number: '' });
    if (route === 'POST /qr') return this.#begin(response, { method: 'qr' });
    if (route === 'POST /phone') return this.#askForCode(request, response);
    response.writeHead(404).end();
  }

  async #view(): Promise<View> {
    const view = await look(this.#bridge, this.#sources);
    const refused = this.#refused;
    return view.kind === 'problem' && refused ? { ...view, problem: refused } : view;
  }

  #show(response: ServerResponse, status: number, view: View): void {
    const last = this.#ended;
    this.#lookedAt = Date.now();
    this.#lively = !last && isLively(view);
    response.once('close', () => last && this.#looked?.());
    response.writeHead(status, this.#headers).end(render(view, { style, script, ended: last }));
  }

  async #askForCode(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let form = '';
    for await (const piece of request.setEncoding('latin1')) {
      form += piece;
      if (form.length > formLimit) return void response.writeHead(413).end();
    }
    const phone = new URLSearchParams(form).get('phone') ?? '';
    return this.#begin(response, { method: 'code', phone });
  }

  async #begin(response: ServerResponse, input: { method: 'qr' | 'code'; phone?: string }): Promise<void> {
    if (this.#ended) return this.#show(response, 200, await this.#view());
    const outcome = await this.#sources.runTool('start_pairing', { bridge: this.#bridge, ...input });
    this.#refused = outcome.ok ? undefined : problemOf(outcome);
    if (this.#refused && input.phone !== undefined) {
      return this.#show(response, 400, { kind: 'phone', number: input.phone, problem: this.#refused });
    }
    response.writeHead(303, { ...this.#headers, location: './' }).end();
  }
}
