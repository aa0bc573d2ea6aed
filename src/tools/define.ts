import * as z from 'zod';
import type { BridgeId } from '../../bridges/bridge.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../bridges/operations/catalog.ts';
import type { Moment } from '../domain/time/moment.ts';
import type { Toolset } from '../domain/toolsets.ts';
import type { BridgeHealth } from '../router/health.ts';
import type { Served } from '../router/router.ts';
import type { Reader } from '../store/reader.ts';
import type { HistoryReader, Sync } from '../sync/sync.ts';
import type { Lines } from './layout.ts';

export type Effect = 'read' | 'write' | 'destructive';

/** What a tool may use. No tool knows MCP. */
export interface ToolContext<U extends OperationName = never> {
  /** Only operations named in `uses`: the declaration cannot drift from the code. */
  call<N extends U>(name: N, input: OperationInput<N>, options?: CallOptions): Promise<Served<OperationOutput<N>>>;
  bridges: BridgeHealth;
  store: Reader;
  history: HistoryReader;
  sync: Sync;
  /** Address of a page on this machine that shows the pairing of a bridge; undefined when it cannot be served. */
  pairingPage(bridge: BridgeId): Promise<string | undefined>;
  /** When the call began, and the zone of the user: one moment for all times that it names. */
  now: Moment;
  signal: AbortSignal;
  /** Lets others have the thread; rejects when the call was cancelled meanwhile. Before reading much after a wait. */
  turn(): Promise<void>;
  /** True when the client asked for progress, so that it will wait for as long as progress comes. */
  hasProgress: boolean;
  progress(done: number, total: number | null, message: string): void;
  log(fields: Record<string, unknown>, message: string): void;
}

export interface CallOptions {
  /** For operations with route `addressed`: the bridge to ask. */
  bridge?: BridgeId;
}

/** A picture that goes with a result; `data` is base64. */
export interface Image {
  mimeType: string;
  data: string;
}

export interface Tool<I extends z.ZodObject, O extends z.ZodObject, U extends readonly OperationName[]> {
  name: string;
  title: string;
  /** First sentence: what it does and when to use it. */
  description: string;
  toolset: Toolset;
  effect: Effect;
  /** Acts on or asks WhatsApp, beyond the local store. */
  openWorld: boolean;
  uses: U;
  input: I;
  /**
   * Arguments of one call that succeeds on the default simulated account: the reference shows it and the tests make it.
   * `$message_id` and `$chat_jid` stand for a message there and its chat.
   */
  example: z.input<I>;
  output: O;
  /** The field with the entries of a list, which is cut where it would be too long. */
  list?: string;
  /** How entries stand in the text, by the field that holds them; without, every field of an entry has its name. */
  lines?: Lines;
  /** One line for a person: what the result says. */
  summary(result: z.output<O>): string;
  /** A picture to show beside the text; undefined for results that have none. */
  image?(result: z.output<O>): Promise<Image | undefined>;
  run(args: z.output<I>, context: ToolContext<U[number]>): Promise<Answer<O>> | Answer<O>;
}

/** A result and, for a list that is read page by page, the cursor that goes on behind each entry. */
type Answer<O extends z.ZodObject> = z.input<O> & { cursors?: readonly string[] };

export type AnyTool = Tool<z.ZodObject, z.ZodObject, readonly OperationName[]>;

/** Arguments become strict here, so that a misspelt one is refused instead of ignored. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject, const U extends readonly OperationName[]>(
  tool: Tool<I, O, U>,
): AnyTool {
  return { ...tool, input: z.strictObject(tool.input.shape) } as unknown as AnyTool; // the one erasure: the registry is heterogeneous
}
