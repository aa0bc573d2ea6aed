import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BridgeId } from '../../bridges/bridge.ts';
import { Admission } from './admission.ts';
import { door, doorScript, welcome } from './door.ts';
import { authorize, headersFor, originOf } from './guard.ts';
import { type Listener, listen } from './listener.ts';
import { isPolling, render } from './render.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { currentView, type Problem, problemOf, type Sources, type View } from './view.ts';

/** A page on this machine that shows the pairing and then the history. */
export interface PairingPage {
  /** Serves the page if necessary, and returns an address that opens it once. */
  open(bridge: BridgeId): Promise<string>;
  /** Another such address while the page is served; calls `onUsed` when a browser uses it. */
  invite(onUsed: () => void): Promise<string | undefined>;
  /** Shows the final state to open browsers, for at most three seconds, and stops. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

export interface Timeouts {
  /** The page stops after this time without a request once pairing has ended, ms. */
  idleMs: number;
  /** The page stops this long after the end even if a forgotten tab still polls, ms. */
  afterEndMs: number;
  /** Interval of these checks, ms. */
  checkMs: number;
  /** How long the final state waits for a browser that polled recently, ms. */
  finalViewMs: number;
}

/** Browsers let a hidden page poll only once a minute. */
const defaultTimeouts: Timeouts = { idleMs: 150_000, afterEndMs: 600_000, checkMs: 5_000, finalViewMs: 3_000 };
/** Max bytes of a form, which holds a phone number or a code. */
const formLimit = 1_000;

export function createPairingPage(sources: Sources, timeouts: Partial<Timeouts> = {}): PairingPage {
  const page = new Page(sources, { ...defaultTimeouts, ...timeouts });
  return {
    open: (bridge) => page.open(bridge),
    invite: (onUsed) => page.invite(onUsed),
    finish: () => page.finish(),
    close: () => page.close(),
  };
}

class Page {
  readonly #sources: Sources;
  readonly #timeouts: Timeouts;
  readonly #headers = headersFor(style, script);
  readonly #doorHeaders = headersFor(style, doorScript);
  #listener: Promise<Listener> | undefined;
  #admission = new Admission();
  #bridge: BridgeId = 'baileys';
  #lastPollAt = 0;
  #doneSince: number | undefined;
  /** Whether the last view may still change, so that a browser will poll again. */
  isPolling = false;
  #onPolled: (() => void) | undefined;
  #refused: Problem | undefined;
  #ended = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(sources: Sources, timeouts: Timeouts) {
    this.#sources = sources;
    this.#timeouts = timeouts;
  }

  async open(bridge: BridgeId): Promise<string> {
    this.#bridge = bridge;
    if (!this.#listener) {
      this.#admission = new Admission();
      this.#lastPollAt = Date.now();
      this.#ended = false;
      this.#doneSince = undefined;
      this.#listener = listen((request, response) => this.#answer(request, response));
      this.#listener.catch(() => {
        this.#listener = undefined;
      });
      this.#watch = setInterval(() => this.#stopWhenDone().catch(() => this.close()), this.#timeouts.checkMs).unref();
    }
    return this.#admission.invite(originOf(await this.#listener));
  }

  async invite(onUsed: () => void): Promise<string | undefined> {
    const listener = await this.#listener;
    return listener && this.#admission.invite(originOf(listener), onUsed);
  }

  async finish(): Promise<void> {
    this.#ended = true;
    const { finalViewMs } = this.#timeouts;
    if (this.#listener && this.isPolling && Date.now() - this.#lastPollAt < finalViewMs) {
      await new Promise<void>((resolve) => {
        this.#onPolled = resolve;
        setTimeout(resolve, finalViewMs).unref();
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

  async #stopWhenDone(): Promise<void> {
    const { idleMs, afterEndMs } = this.#timeouts;
    const { kind } = await currentView(this.#bridge, this.#sources);
    const now = Date.now();
    const isDone = kind === 'done' || kind === 'problem';
    this.#doneSince = isDone ? (this.#doneSince ?? now) : undefined;
    const isForgotten = this.#doneSince !== undefined && now - this.#doneSince >= afterEndMs;
    const isUnwatched = kind !== 'qr' && kind !== 'code' && now - this.#lastPollAt >= idleMs;
    if (isUnwatched || isForgotten) await this.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port } = (await this.#listener) ?? { port: 0 };
    const admission = this.#admission;
    const found = authorize(request, { port, admission });
    if (typeof found === 'number') return void response.writeHead(found).end();
    if (found.to === 'door') return void response.writeHead(200, this.#doorHeaders).end(door(style, false));
    if (found.to === 'enter') return this.#enter(request, response);
    const route = `${request.method} ${found.path}`;
    if (route === 'GET /') return this.#show(response, 200, await this.#view());
    if (route === 'GET /phone') return this.#show(response, 200, { kind: 'phone', number: '' });
    if (route === 'POST /qr') return this.#begin(response, { method: 'qr' });
    if (route === 'POST /phone') return this.#askForCode(request, response);
    response.writeHead(404).end();
  }

  async #enter(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await this.#form(request, response);
    if (form === undefined) return;
    const cookie = this.#admission.redeem(form.get('code') ?? '');
    if (cookie === undefined) return void response.writeHead(403, this.#doorHeaders).end(door(style, true));
    response.writeHead(200, { ...this.#doorHeaders, 'set-cookie': cookie }).end(welcome(this.#admission.path));
  }

  async #view(): Promise<View> {
    const view = await currentView(this.#bridge, this.#sources);
    const refused = this.#refused;
    return view.kind === 'problem' && refused ? { ...view, problem: refused } : view;
  }

  #show(response: ServerResponse, status: number, view: View): void {
    const last = this.#ended;
    this.#lastPollAt = Date.now();
    this.isPolling = !last && isPolling(view);
    response.once('close', () => last && this.#onPolled?.());
    response.writeHead(status, this.#headers).end(render(view, { style, script, hasEnded: last }));
  }

  /** Undefined when the form is too long; the request is answered then. */
  async #form(request: IncomingMessage, response: ServerResponse): Promise<URLSearchParams | undefined> {
    let form = '';
    for await (const piece of request.setEncoding('latin1')) {
      form += piece;
      if (form.length > formLimit) return void response.writeHead(413).end();
    }
    return new URLSearchParams(form);
  }

  async #askForCode(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await this.#form(request, response);
    if (form) return this.#begin(response, { method: 'code', phone: form.get('phone') ?? '' });
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
