import Database from 'better-sqlite3';
import { parse } from '../../../bridges/baileys/library/codec.ts';
import { dataPaths } from '../../../src/config.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { expectOnlyProtocol, wholeLines } from '../fakes/protocol.ts';
import { startedPrograms } from './program.ts';

/** What no log may contain, by kind. */
export interface Secrets {
  /** Private key material. */
  keys: readonly Uint8Array[];
  /** The digits of phone numbers and LIDs. */
  numbers: readonly string[];
  /** Texts of messages. */
  texts: readonly string[];
}

/** The output of a process. A killed one may end in the middle of a line. */
export interface Said {
  stdout: string;
  stderr: string;
  killed: boolean;
}

/** The minimum length of a text to search for: shorter ones, such as "ok", occur in any log. */
const tellingLength = 12;
/**
 * The minimum number of bytes to search for: a dump may contain a part of a key, and this many do not match by chance.
 */
const tellingBytes = 9;

/** The forms in which bytes appear in a log: JSON, hex, Node's output of a Buffer, and a list of numbers. */
function spellings(key: Uint8Array): string[] {
  const bytes = Buffer.from(key.subarray(0, tellingBytes));
  const hex = bytes.toString('hex');
  return [
    bytes.toString('base64'),
    bytes.toString('base64url'),
    hex,
    hex.match(/../g)?.join(' ') ?? hex,
    [...bytes].join(','),
    [...bytes].join(', '),
  ];
}

/**
 * The faults of the output: anything on stdout that is not JSON-RPC, and secrets on stderr. Names the kind of secret,
 * never the secret itself.
 */
export function indiscretions({ stdout, stderr, killed }: Said, { keys, numbers, texts }: Secrets): string[] {
  const words = { 'private key': keys.flatMap(spellings), 'phone number': numbers, 'message text': texts };
  const leaks = Object.entries(words)
    .filter(([, list]) => list.some((word) => stderr.includes(word)))
    .map(([kind]) => `the log holds a ${kind}`);
  try {
    expectOnlyProtocol(killed ? wholeLines(stdout) : stdout);
    return leaks;
  } catch (error) {
    return [...leaks, (error as Error).message];
  }
}

/** Records the output of every program that a storm starts from now on. */
export class Witness {
  private heard = startedPrograms().length;

  /** The faults of the recorded output; starts a new record. */
  wrong(secrets: Secrets): string[] {
    const programs = startedPrograms().slice(this.heard);
    this.heard += programs.length;
    return programs.flatMap(({ child, stdout, stderr }) =>
      indiscretions({ stdout: stdout(), stderr: stderr(), killed: child.signalCode === 'SIGKILL' }, secrets),
    );
  }
}

/** The secrets of a linked device and of its simulated account. Throws when the device has no keys. */
export function secretsOf(dataDir: string, { world }: Pick<Simulator, 'world'>): Secrets {
  const keys = privateKeys(dataDir);
  if (keys.length < 3) throw new Error('no keys to look for');
  return { keys, numbers: numbersOf(world), texts: storedTexts(dataDir) };
}

export const numbersOf = ({ me, people }: Pick<World, 'me' | 'people'>): string[] =>
  [me, ...people].flatMap(({ pn, lid }) => [pn, lid].flatMap((jid) => jid?.split('@')[0] ?? []));

/** All private values in the credentials, pre-keys and keys of the settings, at any depth. */
function privateKeys(dataDir: string): Uint8Array[] {
  const found: Uint8Array[] = [];
  const look = (value: unknown, name: string): void => {
    const secret = /private|secret|keyData/i.test(name);
    if (value instanceof Uint8Array) found.push(...(secret ? [value] : []));
    else if (typeof value === 'string') found.push(...(secret ? [Buffer.from(value, 'base64')] : []));
    else for (const [inner, part] of Object.entries(Object(value))) look(part, inner);
  };
  const kinds = "('creds', 'pre-key', 'app-state-sync-key')";
  for (const value of strings(dataPaths(dataDir).auth, `SELECT value FROM kv WHERE type IN ${kinds}`)) {
    look(parse(value), '');
  }
  return found.filter(({ length }) => length >= tellingBytes);
}

const storedTexts = (dataDir: string): string[] =>
  strings(
    dataPaths(dataDir).messages,
    `SELECT DISTINCT content FROM messages WHERE length(content) >= ${tellingLength}`,
  );

function strings(path: string, sql: string): string[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare<[], string>(sql).pluck().all();
  } finally {
    db.close();
  }
}
