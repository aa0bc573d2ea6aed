import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';

/** A session starts by linking a simulated account, maybe on a busy machine. */
const timeoutMs = 60_000;

interface Params {
  capabilities?: object;
  requestId?: unknown;
  progressToken?: unknown;
  progress?: number;
  _meta?: { progressToken?: unknown };
}

export interface Message {
  from: 'client' | 'server';
  id?: string | number;
  method?: string;
  params?: Params;
}

/** The traffic of one session, as the tap reports it. */
export class Wire {
  readonly messages: Message[] = [];
  private readonly strange: string[] = [];
  private readonly server: Server;
  private readonly listeners = new Set<() => void>();
  private session: Promise<unknown> | undefined;

  /** `socket` is a path that does not exist yet. */
  constructor(socket: string) {
    this.server = createServer((tap) => {
      const lines = createInterface({ input: tap }).on('line', (line) => this.hear(JSON.parse(line)));
      this.session = once(lines, 'close');
    });
    this.server.listen(socket).unref();
  }

  /** Resolves when the session has ended and all its traffic arrived; at once without a session. */
  async ended(): Promise<void> {
    this.server.close();
    await within(timeoutMs, 'the server did not end', this.session ?? Promise.resolve());
  }

  /** Resolves with the first message that matches. */
  async said(wanted: (message: Message) => boolean): Promise<Message> {
    let look: () => void = () => {};
    const found = new Promise<Message>((resolve) => {
      look = () => {
        const message = this.messages.find(wanted);
        if (message) resolve(message);
      };
    });
    this.listeners.add(look);
    look();
    return within(timeoutMs, 'nobody said it in time', found).finally(() => this.listeners.delete(look));
  }

  /** The server's violations of the protocol, one line each. Call after the session has ended. */
  faults(): string[] {
    const faults = [...this.strange];
    const asked = new Map<unknown, Message>();
    const settled = new Set<unknown>();
    const progress = new Map<unknown, number>();
    for (const message of this.messages) {
      const { from, id, method, params } = message;
      if (from === 'client') {
        if (method !== undefined && id !== undefined) asked.set(id, message);
        if (method === 'notifications/cancelled') settled.add(params?.requestId);
      } else if (method === 'notifications/progress') {
        faults.push(...progressFaults(params ?? {}, [...asked.values()], progress));
      } else if (method === undefined) {
        if (!asked.has(id) || settled.has(id)) faults.push(`an answer that nobody waits for: ${id}`);
        settled.add(id);
      }
    }
    const open = [...asked.keys()].filter((id) => !settled.has(id));
    return [...faults, ...open.map((id) => `never answered: ${asked.get(id)?.method} (${id})`)];
  }

  private hear({ from, line }: { from: 'client' | 'server'; line: string }): void {
    const message = parsed(line);
    const isMessage = JSONRPCMessageSchema.safeParse(message).success;
    if (from === 'server' && !isMessage) this.strange.push(`no JSON-RPC message: ${line.slice(0, 200)}`);
    if (isMessage) this.messages.push({ ...(message as Omit<Message, 'from'>), from });
    for (const listener of this.listeners) listener();
  }
}

async function within<T>(ms: number, otherwise: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function progressFaults(params: Params, asked: readonly Message[], last: Map<unknown, number>): string[] {
  const { progressToken: token, progress = Number.NaN } = params;
  const isAwaited = asked.some((request) => request.params?._meta?.progressToken === token);
  const grows = progress > (last.get(token) ?? -1);
  last.set(token, progress);
  return [
    ...(isAwaited ? [] : ['progress with a token that nobody gave']),
    ...(grows ? [] : ['progress does not grow']),
  ];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
