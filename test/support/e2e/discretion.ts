import Database from 'better-sqlite3';
import { parse } from '../../../bridges/baileys/library/codec.ts';
import { dataPaths } from '../../../src/config.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { expectOnlyProtocol, wholeLines } from '../fakes/protocol.ts';
import { startedPrograms } from './program.ts';

/** What no log may hold, by kind. */
export interface Secrets {
  /** Private key material. */
  keys: readonly Uint8Array[];
  /** The digits of phone numbers and LIDs. */
  numbers: readonly string[];
  /** Words of messages. */
  texts: readonly string[];
}

/** What a process said. A killed one may end in the middle of a line. */
export interface Said {
  stdout: string;
  stderr: string;
  killed: boolean;
}

/** Shorter texts, such as "ok", stand in any log. */
const tellingLength = 12;
/** A dump may break off a key; so much of it is no chance. */
const tellingBytes = 9;

/** The spellings in which bytes end up in a log: JSON, hex, what Node prints of a Buffer, and a list of numbers. */
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
 * What of all this is wrong: anything on stdout that is no JSON-RPC, and secrets on stderr. Says what kind of secret was
 * found, and never which one.
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

/** Listens to every program that a storm starts from here on. */
export class Witness {
  private heard = startedPrograms().length;

  /** What was wrong with what they said; from here on the next ones are listened to. */
  wrong(secrets: Secrets): string[] {
    const programs = startedPrograms().slice(this.heard);
    this.heard += programs.length;
    return programs.flatMap(({ child, stdout, stderr }) =>
      indiscretions({ stdout: stdout(), stderr: stderr(), killed: child.signalCode === 'SIGKILL' }, secrets),
    );
  }
}

/** The secrets of a linked device and of the account that is simulated for it. Throws when the device has no keys. */
export function secretsOf(dataDir: string, { world }: Pick<Simulator, 'world'>): Secrets {
  const keys = privateKeys(dataDir);
  if (keys.length < 3) throw new Error('no keys to look for');
  return { keys, numbers: numbersOf(world), texts: storedTexts(dataDir) };
}

export const numbersOf = ({ me, people }: Pick<World, 'me' | 'people'>): string[] =>
  [me, ...people].flatMap(({ pn, lid }) => [pn, lid].flatMap((jid) => jid?.split('@')[0] ?? []));

/** Everything in the credentials, pre-keys and keys of the settings that is private, however deep. */
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
