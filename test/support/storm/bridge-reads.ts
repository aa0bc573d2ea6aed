import { communityJid } from '../../../src/simulator/world/people/roster.ts';
import { businessJid } from '../../../src/simulator/world/shop.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import type { Answer, ServedClient } from '../e2e/client.ts';
import { pick } from '../random.ts';
import { liveWord } from '../wire/live-script.ts';

/** The maximum time of a read while wa-bridge is gone, ms. */
export const failOverMs = 5000;

export interface ReadCounts {
  reads: number;
  /** Reads of operations that a bridge answered, by bridge; other reads use the store. */
  servedBy: Record<string, number>;
  store: number;
  /** Reads during which wa-bridge was gone for all or part of the time, and the longest of them. */
  whileGone: number;
  maxWhileGoneMs: number;
  maxMs: number;
  /** `tool: code`. The only valid one is `not_found` of the store while the first copy runs. */
  errors: Record<string, number>;
}

type Question = [name: string, args: Answer];

/** Half of the queries need a bridge. Leaves out queries about single people, because they are rate limited. */
function questionsOf(world: World): Question[] {
  const someone = world.people.find(({ pn, lid }) => pn && lid)?.pn;
  return [
    ['get_business_profile', { jid: businessJid }],
    ['get_business_profile', { jid: someone }],
    ['list_communities', {}],
    ['get_community_groups', { community_jid: communityJid }],
    ['get_community_members', { community_jid: communityJid }],
    ['get_blocked_contacts', {}],
    ['get_linked_devices', {}],
    ['list_chats', { limit: 20 }],
    ['get_chat', { chat_jid: someone }],
    ['list_messages', { chat_jid: someone, limit: 20 }],
    ['query_synced_messages', { content: liveWord, limit: 20 }],
    ['get_message_statistics', {}],
    ['search_contacts', { query: 'a' }],
    ['list_unread', {}],
  ];
}

/** Sends all kinds of queries to the server, and records the results. */
export class StormReads {
  readonly counts: ReadCounts = {
    reads: 0,
    servedBy: {},
    store: 0,
    whileGone: 0,
    maxWhileGoneMs: 0,
    maxMs: 0,
    errors: {},
  };
  readonly wrong: string[] = [];
  /** The period in which wa-bridge is gone, by `performance.now()`. */
  private gone = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  private readonly questions: Question[];
  private readonly random: () => number;
  private readonly isEmpty: () => boolean;

  /** `isEmpty`: nothing may be stored yet, so that `not_found` is a valid answer of the store. */
  constructor(world: World, random: () => number, isEmpty: () => boolean) {
    this.questions = questionsOf(world);
    this.random = random;
    this.isEmpty = isEmpty;
  }

  bridgeGone(): void {
    this.gone = { from: performance.now(), to: Number.POSITIVE_INFINITY };
  }

  bridgeBack(): void {
    this.gone.to = performance.now();
  }

  /** This many random queries, one after the other. */
  async some(server: Pick<ServedClient, 'client'>, count: number): Promise<void> {
    for (let n = 0; n < count; n++) await this.ask(server, pick(this.random, this.questions));
  }

  /** One query that no cache answers; resolves to the bridge that answered it. */
  profile(server: Pick<ServedClient, 'client'>): Promise<string | undefined> {
    return this.ask(server, ['get_business_profile', { jid: businessJid }]);
  }

  private async ask({ client }: Pick<ServedClient, 'client'>, [name, args]: Question): Promise<string | undefined> {
    const from = performance.now();
    const isEmpty = this.isEmpty();
    const result = await client.callTool({ name, arguments: args }, undefined, { timeout: 120_000 });
    this.measure(name, from, performance.now());
    const [{ text }] = result.content as [{ text: string }];
    if (result.isError) {
      const code = String(JSON.parse(text).error_code);
      this.counts.errors[`${name}: ${code}`] = (this.counts.errors[`${name}: ${code}`] ?? 0) + 1;
      if (!(isEmpty && code === 'not_found')) this.wrong.push(`${name} failed: ${text.slice(0, 300)}`);
      return undefined;
    }
    return this.serverOf(result.structuredContent as Answer);
  }

  private serverOf({ served_by, age_seconds = 0 }: Answer): string | undefined {
    const isAsked = typeof served_by === 'string' && age_seconds === 0;
    if (!isAsked) {
      this.counts.store++;
      return undefined;
    }
    this.counts.servedBy[served_by] = (this.counts.servedBy[served_by] ?? 0) + 1;
    return served_by;
  }

  private measure(name: string, from: number, to: number): void {
    const ms = Math.round(to - from);
    this.counts.reads++;
    this.counts.maxMs = Math.max(this.counts.maxMs, ms);
    if (to < this.gone.from || from > this.gone.to) return;
    this.counts.whileGone++;
    this.counts.maxWhileGoneMs = Math.max(this.counts.maxWhileGoneMs, ms);
    if (ms > failOverMs) this.wrong.push(`${name} took ${ms} ms while wa-bridge was gone`);
  }
}
