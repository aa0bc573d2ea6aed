import type { Account } from './account/account.ts';
import type { AppState } from './account/app-state.ts';
import type { Groups } from './account/groups.ts';
import type { Counters } from './counters.ts';
import type { Events } from './events.ts';
import type { Faults } from './faults/faults.ts';
import type { MediaStore } from './media.ts';
import type { Outbox } from './outbox.ts';
import type { ChunkPlan } from './world/plan.ts';
import type { World } from './world/world.ts';

/** State that the parts of one simulated WhatsApp share. */
export interface SimulatorContext {
  readonly world: World;
  readonly account: Account;
  readonly appState: AppState;
  readonly groups: Groups;
  readonly media: MediaStore;
  readonly outbox: Outbox;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly events: Events;
  /** host:port of the media server, as announced to clients. */
  mediaHost: string;
  /** Whether the phone sends its history automatically when a device is linked. */
  readonly historyOnLogin: boolean;
  /** Whether a device without one-time keys is told that one is left, so that it makes a few instead of hundreds. */
  readonly fewKeys: boolean;
  /** The history of the account, from the beginning. */
  plan(): Iterable<ChunkPlan>;
  stopped: boolean;
  log(line: string): void;
}
