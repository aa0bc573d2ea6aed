import type { DataPaths } from '../config.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Lane } from '../store/staging/staging.ts';
import type { TransferResult } from './sync.ts';

/** The messages between the main thread and the worker thread. Plain data, passed by structured clone. */

export interface WorkerSettings {
  paths: Pick<DataPaths, 'messages' | 'search' | 'staging' | 'auth'>;
  /** See historyProgress. */
  quietMs: number;
}

export interface Methods {
  transfer: { params: { lane: Lane }; result: TransferResult };
  index: { params: { timeoutMs: number }; result: number };
  clear: { params: { force: boolean }; result: { messages_deleted: number } };
}
export type Method = keyof Methods;

export type Request =
  | { [M in Method]: { kind: 'call'; id: number; method: M; params: Methods[M]['params'] } }[Method]
  | { kind: 'cancel'; id: number }
  | { kind: 'close' };

export type Response =
  | { kind: 'result'; id: number; value: Methods[Method]['result'] }
  | { kind: 'progress'; id: number; done: number; total: number | null; message: string }
  | { kind: 'counts'; id: number; value: TransferResult }
  | { kind: 'error'; id: number; error: WireError };

/** An AppError passed between threads; `cause` is for the log and never shown. */
export interface WireError {
  code: ErrorCode;
  message: string;
  hint: string;
  retryable: boolean;
  details: Record<string, unknown> | null;
  cause: string | null;
}
