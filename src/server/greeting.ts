import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { LocalMoment } from '../domain/time/moment.ts';
import { dated } from './instructions.ts';

/** What the server answers to `initialize`. The build asks the server itself and writes this beside the program. */
export interface Greeting {
  /** Protocol versions that are taken as asked for; any other gets `otherwise`. */
  versions: readonly string[];
  otherwise: string;
  /** The rest of the answer; its instructions have room for the day. */
  result: Record<string, unknown> & { instructions?: string };
}

export type RequestId = string | number;

/** No `initialize` is as long; what is longer waits for the server. */
const maxBytes = 64 * 1024;
const newline = 10;

/** The greeting beside this file; undefined when the program was not built. */
export function builtGreeting(): Greeting | undefined {
  try {
    return JSON.parse(readFileSync(new URL('./greeting.json', import.meta.url), 'utf8')) as Greeting;
  } catch {
    return undefined;
  }
}

/** What arrives until the first line ends or the input does. No other code may have read from the input. */
export function firstBytes(input: Readable): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    const finish = () => {
      input.off('readable', take).off('end', finish).off('error', finish);
      resolve(Buffer.concat(parts));
    };
    const take = () => {
      for (let part: Buffer | null = input.read(); part !== null; part = input.read()) {
        parts.push(part);
        length += part.length;
        if (part.includes(newline) || length > maxBytes) return finish();
      }
    };
    input.on('readable', take).once('end', finish).once('error', finish);
  });
}

/**
 * The answer to a first line that asks to begin a session, so that a client need not wait until the whole server is
 * loaded. Undefined for everything else, which the server then answers.
 */
export function greet(
  bytes: Buffer,
  greeting: Greeting,
  now: LocalMoment,
): { id: RequestId; line: string } | undefined {
  const request = parse(bytes.toString('utf8').split('\n', 1)[0] ?? '');
  const { jsonrpc, id, method, params, ...others } = record(request);
  if (jsonrpc !== '2.0' || method !== 'initialize' || !isRequestId(id)) return undefined;
  const { protocolVersion: asked, capabilities, clientInfo } = record(params);
  const { name, version } = record(clientInfo);
  const whole = [asked, name, version].every((text) => typeof text === 'string') && isRecord(capabilities);
  if (!whole || Object.keys(others).length > 0) return undefined;
  const protocolVersion = greeting.versions.find((known) => known === asked) ?? greeting.otherwise;
  const { instructions = '', ...rest } = greeting.result;
  const result = { protocolVersion, ...rest, instructions: dated(instructions, now) };
  const answer = { result, jsonrpc: '2.0', id };
  return { id, line: `${JSON.stringify(answer)}\n` };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const isRequestId = (id: unknown): id is RequestId => typeof id === 'string' || Number.isInteger(id);

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
