import type * as z from 'zod';
import { operations } from './modules.ts';

/** The port: all operations of WhatsApp, defined once. Tools, bridges and the wire share these schemas. */
export { operations };

export type Operations = typeof operations;
export type OperationName = keyof Operations;
export type OperationInput<K extends OperationName> = z.output<Operations[K]['input']>;
export type OperationOutput<K extends OperationName> = z.output<Operations[K]['output']>;
export type Handler<K extends OperationName> = (
  input: OperationInput<K>,
  signal?: AbortSignal,
) => Promise<OperationOutput<K>>;
export type Handlers = { [K in OperationName]: Handler<K> };
/** Handlers as their caller sees them: an answer is unknown until the router has parsed it. */
export type UnparsedHandlers = {
  [K in OperationName]: (input: OperationInput<K>, signal?: AbortSignal) => Promise<unknown>;
};
