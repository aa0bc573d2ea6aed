import { setTimeout as pause } from 'node:timers/promises';
import { type App, createApp } from '../../../src/app.ts';
import { dataPaths } from '../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { openWriter } from '../../../src/store/sqlite/database.ts';
import { queries } from '../../contract/orders.ts';
import { temporaryDir } from '../e2e/program.ts';
import { testConfig } from '../fakes/config.ts';
import { quietLog } from '../fakes/quiet-log.ts';
import { cast } from '../storm/interleave.ts';
import type { WireEvent } from './story.ts';
import { type StartedWaBridge, startWaBridge } from './wa-bridge.ts';
import { emptyPlan, wireWorld } from './world.ts';

/** Which linked device receives each event first: always the same one, or undetermined. */
export type Order = 'baileys' | 'whatsmeow' | 'race';

export type Tables = Record<string, unknown[]>;

/**
 * Columns without a visible effect: times at which a group reported its members and a copy ended, how two chats were
 * merged, and the address under which a message arrived. For the wire's bytes only their existence counts, because keys
 * in them are random.
 */
const unseen = new Set(['members_at', 'completed_at', 'first', 'kept', 'before', 'after', 'wire_chat']);
/**
 * Part of a history counts for the checkpoint of its chat only where no live copy was running. Two bridges receive a
 * group's members at different times.
 */
const uncompared = new Set(['meta', 'checkpoints', 'member_words']);

/** A list of members comes with each connection, which has a moment of its own. */
const momentsOfLists = new Set(['period', 'first_at', 'last_at']);

/** Of a message that came twice, whose copies name its author differently, the first is kept; a person sees no address. */
const canonical = (value: unknown) => cast.pairs.find(({ lid }) => lid === value)?.pn ?? value;

/**
 * The first text of a message that was taken back is shown nowhere. A revoke from one of its author's addresses deletes it at once
 * where the copy that came first names that very address, and keeps it for a while where the copy names the other one.
 */
const isTakenBack = (table: string, row: object): boolean =>
  table === 'originals' && 'type' in row && 'lasting' in row && (row.type === 'revoked' || row.lasting === 0);

/** What people see of a row; undefined for one that another has replaced. */
export function seenOf(table: string, row: object): object | undefined {
  if ('merged' in row && row.merged !== null) return undefined;
  if (isTakenBack(table, row) && 'chat' in row && 'id' in row) return { chat: row.chat, id: row.id, isTakenBack: true };
  const isList = table === 'member_words' && 'told' in row && row.told === 'list';
  const lasting = Object.entries(row).filter(
    ([name]) =>
      !unseen.has(name) && !(table === 'chat_members' && name === 'at') && !(isList && momentsOfLists.has(name)),
  );
  return Object.fromEntries(
    lasting.map(([name, value]) => [
      name,
      name === 'raw' ? value !== null : name === 'sender' ? canonical(value) : value,
    ]),
  );
}

/** Baileys reports only one of two simultaneous read receipts of one message. */
function withoutRepeats(tables: Tables): Tables {
  const seenOnce = new Set<string>();
  const changes = (tables['changes'] as Record<string, unknown>[]).flatMap(({ at, ...row }) => {
    if (row['kind'] !== 'receipt') return [{ at, ...row }];
    const key = JSON.stringify(row);
    if (seenOnce.has(key)) return [];
    seenOnce.add(key);
    return [row];
  });
  return { ...tables, changes };
}

/** One account on a simulated WhatsApp, with Node alone or with wa-bridge on the same messages.db. */
export class BothBridges {
  readonly simulator: Simulator;
  readonly dataDir: string;
  readonly bridge: StartedWaBridge | undefined;
  private readonly app: App;
  private last = 0;

  private constructor(simulator: Simulator, dataDir: string, app: App, bridge: StartedWaBridge | undefined) {
    this.simulator = simulator;
    this.dataDir = dataDir;
    this.app = app;
    this.bridge = bridge;
  }

  /** Links everything, and waits until its empty history is complete. */
  static async open({ alone = false }: { alone?: boolean } = {}): Promise<BothBridges> {
    const dataDir = temporaryDir();
    const options = { world: wireWorld(), plan: emptyPlan, strict: true, fewKeys: true };
    const simulator = await startSimulator(options);
    const config = { ...testConfig(dataDir), historyQuietMs: 50, simulator: simulator.document };
    const app = createApp(config, { log: quietLog().log });
    const session = new BothBridges(simulator, dataDir, app, alone ? undefined : await started(simulator, dataDir));
    await session.link();
    return session;
  }

  /** Calls a tool; throws when it fails. */
  async call(name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const outcome = await this.app.runTool(name, args);
    if (outcome.ok) return outcome.value as Record<string, unknown>;
    throw new Error(`${name} failed: ${outcome.error.message}`);
  }

  /** Runs the events in order. Resolves when both bridges have written everything. */
  async play(deeds: readonly WireEvent[], order: Order = 'race'): Promise<void> {
    const [baileys = '', whatsmeow] = this.simulator.devices().map(({ jid }) => jid);
    const second = order === 'baileys' ? whatsmeow : order === 'whatsmeow' ? baileys : undefined;
    const letGo = second ? this.simulator.hold(second) : () => {};
    for (const deed of deeds) await deed(this.simulator);
    if (second === baileys && whatsmeow) await this.confirmed(whatsmeow);
    else await this.copied();
    letGo();
    for (const { jid } of this.simulator.devices()) await this.confirmed(jid);
    await this.copied();
    if (second === baileys) await this.copied();
    await this.simulator.idle();
    await this.call('sync_history_to_database');
  }

  /** The rows of messages.db whose ids begin with this prefix, without the rest of their ids and times. */
  rowsOf(ids: string): (Record<string, unknown> & { id: string })[] {
    const messages = this.tables()['messages'] as Record<string, unknown>[];
    return messages
      .filter(({ id }) => String(id).startsWith(`${ids}-`))
      .map((row) => ({
        ...row,
        id: String(row['id']).slice(ids.length + 1),
        timestamp: Number(row['timestamp']) > 0,
        edited_at: row['edited_at'] !== null,
        revoked_at: row['revoked_at'] !== null,
      }));
  }

  /** The tables of messages.db on which two writers must agree. */
  tables(): Tables {
    const db = openWriter(dataPaths(this.dataDir).messages);
    try {
      const named = Object.entries(queries).filter(([name]) => !uncompared.has(name));
      const rows = ([table, query]: [string, string]) =>
        db
          .prepare(query)
          .all()
          .flatMap((row) => seenOf(table, row as object) ?? []);
      return withoutRepeats(Object.fromEntries(named.map((one) => [one[0], rows(one)])));
    } finally {
      db.close();
    }
  }

  async close(): Promise<void> {
    await this.bridge?.stop();
    await this.app.close();
    await this.simulator.stop();
  }

  private async link(): Promise<void> {
    const { qr } = await this.call('start_pairing', { bridge: 'baileys' });
    await this.simulator.scan(String(qr));
    await this.call('retrieve_full_history', { wait_for_completion: true, timeout: 60 });
    if (this.bridge) await linkBridge(this.bridge, this.simulator);
    await this.simulator.idle();
    await this.call('sync_history_to_database');
  }

  /** Waits until a device has confirmed everything; wa-bridge confirms what it has written. */
  private async confirmed(jid: string): Promise<void> {
    while (this.simulator.devices().some((device) => device.jid === jid && device.unconfirmed > 0)) {
      await this.simulator.next('acked', ({ device }) => device === jid);
    }
  }

  /**
   * Node confirms what it has journalled. It copies rows in order, so the arrival of a last message shows that all
   * earlier ones are copied.
   */
  private async copied(): Promise<void> {
    const id = `3EB0LAST${++this.last}`;
    const [, whatsmeow] = this.simulator.devices();
    const letGo = whatsmeow && this.simulator.hold(whatsmeow.jid);
    const from = cast.pairs[0]!.pn;
    await this.simulator.sendText('the last of it', { from, alone: true, id, timestamp: 1_770_000_000 });
    const db = openWriter(dataPaths(this.dataDir).messages);
    try {
      const found = db.prepare('SELECT 1 FROM messages WHERE id = ?');
      while (!found.get(id)) await pause(5); // another thread writes it without a notification
    } finally {
      db.close();
    }
    letGo?.();
  }
}

async function started(simulator: Simulator, dataDir: string): Promise<StartedWaBridge> {
  return startWaBridge({
    dataDir,
    simulatorUrl: simulator.url,
    args: ['--log-level', process.env['WA_LOG'] ?? 'warn'],
  });
}

/** Links wa-bridge like a phone that scans its code. */
export async function linkBridge(bridge: StartedWaBridge, simulator: Simulator): Promise<void> {
  let pairing = await bridge.call('connection.pair', { method: 'qr' });
  const active = simulator.next('active', ({ device }) => device !== simulator.devices()[0]?.jid);
  await simulator.scan(String(pairing['qr']));
  await active;
  while (!['ready', 'syncing'].includes(String(pairing['state']))) {
    pairing = await bridge.call('connection.pairing_status');
  }
}
