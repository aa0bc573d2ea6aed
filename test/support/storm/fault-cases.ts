import { proto } from '@whiskeysockets/baileys';
import type { StreamCode } from '../../../src/simulator/faults/faults.ts';
import type { HistoryFault } from '../../../src/simulator/faults/history.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { planHistory } from '../../../src/simulator/world/history.ts';

/** States in which the program waits for the user, and their next step. */
export const finalStates = {
  logged_out: /Call start_pairing/,
  replaced: /Another program/,
  restricted: /on the phone/,
  outdated: /Update/,
} as const;
export type FinalState = keyof typeof finalStates;

/** One fault, which occurs once or a few times. `chance` is a number in [0, 1). */
export interface FaultCase {
  /** Planned before the device first connects. */
  before?(simulator: Simulator, chance: number): void;
  /** Occurs during live traffic. */
  during?(simulator: Simulator, chance: number): void;
  /** The final state until the user takes the next step; together with other faults it may not be reached. */
  ends?: FinalState;
  /** The user must see that the history is incomplete, even without other faults. */
  heard?: true;
  /** The phone never sends the key of the address book names, which are then a known gap. */
  unnamed?: true;
  /** Takes longer than a minute. */
  slow?: true;
}

const upTo = (chance: number, most: number): number => Math.floor(chance * (most + 1));

/** One of the parts RECENT and FULL except the last, because the program waits much longer for a missing last part. */
function somePart({ world }: Simulator, chance: number): number {
  const orders = [...planHistory(world)].map(({ syncType }) => syncType);
  const first = orders.indexOf(proto.HistorySync.HistorySyncType.RECENT);
  return first + upTo(chance, orders.length - 2 - first);
}

const historyCase = (fault: HistoryFault): FaultCase => ({
  before: (simulator, chance) => simulator.fail.history(fault, { skip: somePart(simulator, chance) }),
});

const ends: Partial<Record<number, FinalState>> = {
  401: 'logged_out',
  403: 'restricted',
  405: 'outdated',
  440: 'replaced',
};

function loginCase(code: number): FaultCase {
  const end = ends[code];
  return { before: (simulator) => simulator.fail.login(code), ...(end && { ends: end }) };
}

function streamCase(code: StreamCode): FaultCase {
  const end = ends[code];
  return { during: (simulator) => simulator.fail.stream(code), ...(end && { ends: end }) };
}

const iqCase = (kind: string, code: number): FaultCase => ({ before: (simulator) => simulator.fail.iq(kind, code) });

/** All faults of a simulated WhatsApp, by name. */
export const faultCases: Record<string, FaultCase> = {
  'history part dropped': { ...historyCase('drop'), heard: true },
  'history part delayed': historyCase('delay'),
  'history part twice': historyCase('duplicate'),
  'history parts merged': { ...historyCase('merge'), heard: true },
  'history parts reordered': historyCase('reorder'),
  'history file missing': historyCase('missing'),
  'history part corrupt': historyCase('corrupt'),
  'LID mapping late': {
    before: (simulator) => simulator.fail.history('late_mappings'),
  },
  'media 404 at first': { before: (simulator, chance) => simulator.fail.media(1 + upTo(chance, 1)) },
  'media 404 for long': { before: (simulator) => simulator.fail.media(4) },
  'media stalls': { before: (simulator) => simulator.fail.stall() },
  'media breaks off': { before: (simulator, chance) => simulator.fail.drop('media_get', upTo(chance, 10)) },
  'media host slow': { before: (simulator) => simulator.fail.slow(200, 5) },
  'phone silent': { before: (simulator) => simulator.fail.phone('silent'), heard: true },
  'app-state key missing': { before: (simulator) => simulator.fail.appStateKey() },
  'app-state key never given': {
    before(simulator) {
      simulator.fail.appStateKey(Number.POSITIVE_INFINITY);
      simulator.fail.keyRequests();
    },
    unnamed: true,
  },
  'settings damaged': { before: (simulator, chance) => simulator.fail.patches(1 + upTo(chance, 2)) },
  'settings as files, missing': {
    before(simulator) {
      simulator.settings.keepAsFiles();
      simulator.fail.media(2);
    },
  },
  'settings as files, broken off': {
    before(simulator, chance) {
      simulator.settings.keepAsFiles();
      simulator.fail.drop('media_get', upTo(chance, 2));
    },
  },
  'ciphertext corrupt': {
    during: (simulator, chance) => simulator.fail.damage(1 + upTo(chance, 2)),
  },
  'first words corrupt': { before: (simulator) => simulator.fail.damage() },
  'cut between stanzas': { before: (simulator, chance) => simulator.fail.cut(upTo(chance, 60)) },
  'cut in live traffic': { during: (simulator, chance) => simulator.fail.cut(upTo(chance, 12)) },
  'cut at hello': { before: (simulator) => simulator.fail.drop('hello') },
  'cut at login': { before: (simulator) => simulator.fail.drop('login') },
  'cut when active': { before: (simulator) => simulator.fail.drop('active') },
  'cut after a history part': { before: (simulator, chance) => simulator.fail.drop('history_sent', upTo(chance, 15)) },
  'cut at a receipt': { during: (simulator) => simulator.fail.drop('receipt') },
  'login 401': loginCase(401),
  'login 403': loginCase(403),
  'login 405': loginCase(405),
  'login 503': loginCase(503),
  'phone unlinks': {
    during(simulator) {
      for (const { jid } of simulator.devices()) simulator.unlink(jid);
    },
    ends: 'logged_out',
  },
  'stream 403': streamCase(403),
  'stream 405': streamCase(405),
  'stream 408': streamCase(408),
  'stream 428': streamCase(428),
  'stream 440': streamCase(440),
  'stream 503': streamCase(503),
  'stream 515': streamCase(515),
  'settings refused': iqCase('w:sync:app:state/set/sync', 500),
  'privacy refused': iqCase('privacy/get/privacy', 503),
  'digest refused': iqCase('encrypt/get/digest', 404),
  'props unanswered': iqCase('abt/get/props', 0),
  'server silent': { during: (simulator) => simulator.fail.mute(), slow: true },
};
