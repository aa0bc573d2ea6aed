import type { BinaryNode } from '@whiskeysockets/baileys';
import type { LinkedDevice } from '../account/device.ts';
import type { Connection } from '../connection.ts';
import type { SimulatorContext } from '../context.ts';

export interface IqRequest {
  context: SimulatorContext;
  connection: Connection;
  /** The requesting device; undefined while a client is not linked yet. */
  device: LinkedDevice | undefined;
  iq: BinaryNode;
}

/** `after` runs once the reply is sent. */
export type IqAnswer = { content?: BinaryNode[]; after?: () => void } | { error: number; text: string };

/** By kind: `xmlns/type/child`. */
export type IqHandlers = Record<string, (request: IqRequest) => IqAnswer | Promise<IqAnswer>>;

export const unauthorized: IqAnswer = { error: 401, text: 'not-authorized' };

export const badRequest: IqAnswer = { error: 400, text: 'bad-request' };

export const empty: IqAnswer = {};
