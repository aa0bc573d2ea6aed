import {
  type AuthenticationState,
  BufferJSON,
  type ConnectionState,
  DisconnectReason,
  initAuthCreds,
  makeWASocket,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type UserFacingSocketConfig,
  WA_CERT_DETAILS,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys';
import { pino } from 'pino';
import type { Simulator } from '../../src/simulator/simulator.ts';

// libsignal prints sessions, private keys included, through the console.
for (const level of ['info', 'warn', 'error'] as const) console[level] = () => {};

type Dispatch = (options: { origin?: unknown }, handler: unknown) => boolean;

/** Redirects requests for WhatsApp's media host to the simulator. */
export function toOrigin(origin: string): { dispatch: Dispatch; close(): Promise<void>; destroy(): Promise<void> } {
  const real = () =>
    (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')] as { dispatch: Dispatch };
  return {
    dispatch: (options: { origin?: unknown }, handler: unknown) => real().dispatch({ ...options, origin }, handler),
    close: async () => {},
    destroy: async () => {},
  };
}

export interface Store extends AuthenticationState {
  rows: Map<string, string>;
}

/** Credentials and keys in memory; reads return a copy, as from a disk. */
export function memoryStore(credentials?: string): Store {
  const rows = new Map<string, string>();
  return {
    rows,
    creds: credentials ? JSON.parse(credentials, BufferJSON.reviver) : initAuthCreds(),
    keys: {
      get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
        const found: { [id: string]: SignalDataTypeMap[T] } = {};
        for (const id of ids) {
          const row = rows.get(`${type} ${id}`);
          if (row !== undefined) found[id] = revived(type, JSON.parse(row, BufferJSON.reviver));
        }
        return found;
      },
      set(data: SignalDataSet) {
        for (const [type, values] of Object.entries(data)) {
          for (const [id, value] of Object.entries(values ?? {})) {
            if (value === null) rows.delete(`${type} ${id}`);
            else rows.set(`${type} ${id}`, JSON.stringify(value, BufferJSON.replacer));
          }
        }
      },
    },
  };
}

/** Protobuf messages have their own encoding of bytes. */
function revived<T extends keyof SignalDataTypeMap>(type: T, value: SignalDataTypeMap[T]): SignalDataTypeMap[T] {
  if (type !== 'app-state-sync-key') return value;
  return proto.Message.AppStateSyncKeyData.fromObject(value as object) as unknown as SignalDataTypeMap[T];
}

export interface Client {
  socket: WASocket;
  store: Store;
  received: WAMessage[];
  history: WAMessage[];
  /** Resolves with the first connection update that matches, including past ones. */
  until(predicate: (update: Partial<ConnectionState>) => boolean): Promise<Partial<ConnectionState>>;
  /** Resolves with the first received message that matches, including past ones. */
  message(predicate: (message: WAMessage) => boolean): Promise<WAMessage>;
  /** Resolves with the matching history messages once there are `count` of them. */
  historyOf(count: number, counts?: (message: WAMessage) => boolean): Promise<WAMessage[]>;
  close(): Promise<void>;
}

/** Waits for items of a growing list. */
class Growing<T> {
  readonly items: T[] = [];
  private readonly waiters = new Set<() => void>();

  push(...items: T[]): void {
    this.items.push(...items);
    for (const waiter of [...this.waiters]) waiter();
  }

  until<R>(pick: (items: T[]) => R | undefined): Promise<R> {
    return new Promise((resolve) => {
      const look = () => {
        const found = pick(this.items);
        if (found === undefined) return;
        this.waiters.delete(look);
        resolve(found);
      };
      this.waiters.add(look);
      look();
    });
  }
}

/** A plain Baileys socket with production options, connected to the simulator. */
export function connect(simulator: Simulator, store: Store, options: Partial<UserFacingSocketConfig> = {}): Client {
  const { socket_url, media_origin, noise_root } = simulator.document;
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(noise_root, 'hex');
  const socket = makeWASocket({
    auth: store,
    logger: pino({ level: process.env['BAILEYS_LOG'] ?? 'silent' }, pino.destination(2)),
    browser: ['Mac OS', 'Desktop', '14.4.1'],
    syncFullHistory: true,
    shouldSyncHistoryMessage: () => true,
    markOnlineOnConnect: false,
    waWebSocketUrl: socket_url,
    options: { dispatcher: toOrigin(media_origin) } as unknown as NonNullable<UserFacingSocketConfig['options']>,
    ...options,
  });
  const updates = new Growing<Partial<ConnectionState>>();
  const received = new Growing<WAMessage>();
  const history = new Growing<WAMessage>();
  socket.ev.on('connection.update', (update) => updates.push(update));
  socket.ev.on('messages.upsert', ({ messages }) => received.push(...messages));
  socket.ev.on('messaging-history.set', ({ messages }) => history.push(...messages));
  return {
    socket,
    store,
    received: received.items,
    history: history.items,
    until: (predicate) => updates.until((items) => items.find(predicate)),
    message: (predicate) => received.until((items) => items.find(predicate)),
    historyOf: (count, counts = () => true) =>
      history.until((items) => {
        const counted = items.filter(counts);
        return counted.length >= count ? counted : undefined;
      }),
    close: () => socket.end(undefined) as unknown as Promise<void>,
  };
}

export function isOpen(update: Partial<ConnectionState>): boolean {
  return update.connection === 'open';
}

/** The status code with which a connection closed. */
export async function closeCode(client: Client): Promise<number | undefined> {
  const { lastDisconnect } = await client.until(({ connection }) => connection === 'close');
  return (lastDisconnect?.error as { output?: { statusCode: number } } | undefined)?.output?.statusCode;
}

/** Pairs by QR code: shows it, has it scanned, and logs in again as the server requests. */
export async function pair(simulator: Simulator, store: Store = memoryStore()): Promise<Client> {
  const first = connect(simulator, store);
  const { qr } = await first.until((update) => update.qr !== undefined);
  const closed = closeCode(first);
  await simulator.scan(qr as string);
  if ((await closed) !== DisconnectReason.restartRequired) throw new Error('no restart was asked for');
  return connect(simulator, store);
}

export function textOf(message: WAMessage): string | undefined {
  return message.message?.conversation ?? message.message?.extendedTextMessage?.text ?? undefined;
}

export { proto };
