import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { SimulatorDocument } from '../config.ts';
import { Account } from './account/account.ts';
import { AppState } from './account/app-state.ts';
import type { LinkedDevice } from './account/device.ts';
import { type GroupChange, Groups } from './account/groups.ts';
import { Connection } from './connection.ts';
import type { SimulatorContext } from './context.ts';
import { Counters, type Counts } from './counters.ts';
import { type EventName, Events, type SimulatorEvents } from './events.ts';
import { Faults } from './faults/faults.ts';
import { HttpApi } from './http.ts';
import { MediaStore } from './media.ts';
import { Outbox } from './outbox.ts';
import { issueCredentials } from './phone/credentials.ts';
import { sendHistory, sendHistoryPart } from './phone/history.ts';
import { Pairings } from './phone/pairing.ts';
import { announceDevices, tellPairs } from './phone/phone.ts';
import { Settings } from './phone/settings.ts';
import { Session } from './session.ts';
import { sendDemoText } from './traffic/demo-text.ts';
import { type LiveMessage, LiveSender } from './traffic/live.ts';
import { type ReceiptOptions, sendReceipt } from './traffic/receipts.ts';
import { TrafficGenerator } from './traffic/traffic-generator.ts';
import { issueIdentity, type ServerIdentity } from './wire/certificate.ts';
import { createWorld, defaultWorld } from './world/default.ts';
import { planHistory } from './world/history.ts';
import type { ChunkPlan, PlanHistory } from './world/plan.ts';
import type { World } from './world/world.ts';

export interface SimulatorOptions {
  /** Any free port by default. Listens on 127.0.0.1 only. */
  port?: number;
  seed?: number;
  /** Size of the default world. */
  messages?: number;
  /** `stop` then rejects when a client sent a request without a handler. */
  strict?: boolean;
  /** Replaces the default world, and how its history is cut into chunks. */
  world?: World;
  plan?: PlanHistory;
  /** Whether a newly linked device receives the history automatically; true by default. */
  sendHistory?: boolean;
  /** Devices make few one-time keys, because making them takes most of the time of linking. */
  fewKeys?: boolean;
  /** The current time of the world in the document, ISO 8601; left out by default. */
  now?: string;
  log?: (line: string) => void;
}

export class Simulator {
  readonly world: World;
  readonly fail: Faults;
  /** People and groups that write on a schedule. */
  readonly actors: TrafficGenerator;
  /** Actions on the phone other than writing. */
  readonly settings: Settings;
  private readonly context: SimulatorContext;
  private readonly identity: ServerIdentity;
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 25 });
  private readonly options: SimulatorOptions;
  private readonly pairings: Pairings;
  private readonly live: LiveSender;

  private constructor(options: SimulatorOptions) {
    const { seed = defaultWorld.seed, messages = defaultWorld.messages, plan = planHistory } = options;
    const world = options.world ?? createWorld({ seed, messages });
    const account = new Account(world, seed);
    this.options = options;
    this.world = world;
    this.fail = new Faults(() => [...account.devices.values(), ...this.pairings.waiting()]);
    this.identity = issueIdentity(seed);
    this.context = {
      world,
      account,
      appState: new AppState(account.appStateKey, world),
      groups: new Groups(world),
      media: new MediaStore(),
      outbox: new Outbox(this.fail),
      faults: this.fail,
      counters: new Counters(),
      events: new Events(),
      mediaHost: '',
      historyOnLogin: options.sendHistory ?? true,
      fewKeys: options.fewKeys ?? false,
      plan: () => plan(world),
      stopped: false,
      log: options.log ?? (() => {}),
    };
    this.pairings = new Pairings(this.context);
    this.live = new LiveSender(this.context);
    this.settings = new Settings(this.context);
    this.actors = new TrafficGenerator(this.context, this.live);
    const http = new HttpApi(
      this.context,
      this.pairings,
      () => this.document,
      () => this.sendHistory(),
      (text) => sendDemoText(this.context, this.live, text),
    );
    this.server = createServer((request, response) => void http.handle(request, response));
    this.acceptSockets(new Session(this.context, this.pairings));
  }

  /** Starts listening. */
  static async start(options: SimulatorOptions): Promise<Simulator> {
    const simulator = new Simulator(options);
    await new Promise<void>((resolve, reject) => {
      simulator.server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    const { port } = simulator.server.address() as AddressInfo;
    simulator.context.mediaHost = `127.0.0.1:${port}`;
    return simulator;
  }

  /** The address of the document. */
  get url(): string {
    return `http://${this.host}/simulator.json`;
  }

  get document(): SimulatorDocument {
    return {
      socket_url: `ws://${this.host}/ws/chat`,
      media_origin: `http://${this.host}`,
      noise_root: this.identity.root.toString('hex'),
      scan_url: `http://${this.host}/simulator/scan`,
      message_url: `http://${this.host}/simulator/message`,
      ...(this.options.now !== undefined && { now: this.options.now }),
    };
  }

  next<E extends EventName>(event: E, predicate?: (payload: SimulatorEvents[E]) => boolean) {
    return this.context.events.next(event, predicate);
  }

  /** Returns the function that stops listening. */
  on<E extends EventName>(event: E, listener: (payload: SimulatorEvents[E]) => void): () => void {
    return this.context.events.on(event, listener);
  }

  counters(): Counts {
    return this.context.counters.snapshot();
  }

  /** The linked devices: address, connection state, and number of unconfirmed stanzas. */
  devices(): { jid: string; lid: string; connected: boolean; active: boolean; unconfirmed: number }[] {
    return [...this.context.account.devices.values()].map(({ jid, lid, connection, active, queue }) => ({
      jid,
      lid,
      connected: connection?.open ?? false,
      active,
      unconfirmed: queue.size,
    }));
  }

  /** Baileys credentials (BufferJSON) of a newly linked device, without pairing. */
  credentials(): string {
    return issueCredentials(this.context);
  }

  /** Plays the phone that scans a QR code; resolves with the address of the device when the client has accepted. */
  async scan(qr: string): Promise<string> {
    return (await this.pairings.scan(qr)).jid;
  }

  /** The phone removes a linked device by its address; its credentials become invalid. */
  unlink(jid: string): void {
    const device = this.device(jid);
    this.context.account.unlink(device);
    announceDevices(this.context, device);
    device.connection?.streamError({ code: 401, conflict: 'device_removed' });
  }

  /** Holds all delivery to a linked device until the returned function is called. */
  hold(jid: string): () => void {
    return this.device(jid).hold();
  }

  /** Sends the whole history to every linked device again; resolves when the last part is queued. */
  async sendHistory(): Promise<void> {
    await Promise.all([...this.context.account.devices.values()].map((device) => sendHistory(this.context, device)));
  }

  /** The phone sends one more part of a history to every linked device; resolves when it is queued. */
  sendHistoryPart(chunk: ChunkPlan): Promise<void> {
    return sendHistoryPart(this.context, chunk);
  }

  /** The phone sends address pairs to every linked device; resolves when they are queued. */
  tellPairs(pairs: readonly { pn: string; lid: string }[]): Promise<void> {
    return tellPairs(this.context, pairs);
  }

  /** A party sends a message now; resolves with its id when it is in every linked device's queue. */
  send(message: LiveMessage): Promise<string> {
    return this.live.send(message);
  }

  /** The same for plain text. */
  sendText(text: string, message: Omit<LiveMessage, 'message'>): Promise<string> {
    return this.live.send({ ...message, message: { conversation: text } });
  }

  /** A party received, read or played messages. */
  receipt(options: ReceiptOptions): void {
    sendReceipt(this.context, options);
  }

  /** A party changes a group. */
  changeGroup(jid: string, by: string, change: GroupChange): void {
    this.context.groups.change(this.context, jid, by, change);
  }

  /** A party creates a group with the account in it; returns its address. */
  createGroup(by: string, subject: string, members: readonly string[]): string {
    return this.context.groups.create(this.context, by, subject, members);
  }

  /** Resolves when nothing is queued for any device that has ever logged in. */
  async idle(): Promise<void> {
    const busy = () =>
      [...this.context.account.devices.values()].some((device) => device.historyStarted && !device.idle);
    while (busy()) await this.next('idle');
  }

  /** Closes everything. In strict mode, then rejects when requests had no handler, and names their kinds. */
  async stop(): Promise<void> {
    this.context.stopped = true;
    this.actors.stop();
    for (const socket of this.sockets.clients) socket.terminate();
    this.sockets.close();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
    const kinds = [...this.context.counters.unansweredKinds];
    if (this.options.strict && kinds.length > 0) throw new Error(`nobody answers: ${kinds.join(', ')}`);
  }

  private device(jid: string): LinkedDevice {
    const device = this.context.account.companion(jid);
    if (!device) throw new Error('no such device is linked');
    return device;
  }

  private get host(): string {
    return this.context.mediaHost;
  }

  private acceptSockets(session: Session): void {
    const { counters, events, log } = this.context;
    let number = 0;
    this.server.on('upgrade', (request, socket, head) => {
      this.sockets.handleUpgrade(request, socket, head, (ws) => {
        const connection = new Connection(++number, ws, this.identity, {
          onClientHello: (from, payload) => session.onClientHello(from, payload),
          stanza: (from, stanza) => session.stanza(from, stanza),
          closed: (from) => session.closed(from),
          failed: (from, error) => log(`connection ${from.number} failed: ${error}`),
          cuts: () => this.fail.cutsNow(),
        });
        counters.add('connections');
        events.emit('connected', { connection: connection.number });
      });
    });
  }
}

/**
 * Starts a simulated WhatsApp on loopback, with one account and its phone. Rejects with a RangeError for an impossible
 * number of messages, and when the port is taken.
 */
export function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  return Simulator.start(options);
}
