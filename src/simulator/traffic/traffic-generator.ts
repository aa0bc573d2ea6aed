import type { proto } from '@whiskeysockets/baileys';
import type { SimulatorContext } from '../context.ts';
import { newMessageId } from '../wire/stanza-id.ts';
import { Random } from '../world/random.ts';
import { fileName, sentence } from '../world/words/text.ts';
import { reactionEmoji } from '../world/words/vocabulary.ts';
import type { LiveMessage, LiveSender } from './live.ts';
import { editOf, revocationOf } from './live.ts';
import { sendReceipt } from './receipts.ts';

export interface Timetable {
  seed: number;
  perSecond: number;
  /** Stops after this many events; runs until `stop` without it. */
  events?: number;
}

/** An action of the generator. `id` is the message's own, `target` the one it acts on. */
export interface TrafficEvent {
  kind: 'text' | 'document' | 'reaction' | 'edit' | 'revoke' | 'receipt';
  from: string;
  chat: string;
  id: string;
  target: string | null;
  text: string;
}

type PastMessage = TrafficEvent & { kind: 'text' | 'document' };

/**
 * Generates traffic of people, groups and the phone. The seed alone determines the actions; the clock determines their
 * times.
 */
export class TrafficGenerator {
  private readonly context: SimulatorContext;
  private readonly live: LiveSender;
  private timer: NodeJS.Timeout | undefined;
  private finished: (() => void) | undefined;

  constructor(context: SimulatorContext, live: LiveSender) {
    this.context = context;
    this.live = live;
  }

  /** Starts; `done` resolves with all actions once the last one is in the devices' queues. */
  start({ seed, perSecond, events = Number.POSITIVE_INFINITY }: Timetable): { done: Promise<TrafficEvent[]> } {
    this.stop();
    const deeds: TrafficEvent[] = [];
    const next = script(this.context, seed);
    const sending: Promise<unknown>[] = [];
    const ended = new Promise<void>((resolve) => {
      this.finished = resolve;
    });
    this.timer = setInterval(() => {
      const { event, perform } = next();
      deeds.push(event);
      sending.push(perform(this.live).catch((error) => this.context.log(`an actor failed: ${error}`)));
      if (deeds.length >= events) this.stop();
    }, 1000 / perSecond);
    return { done: ended.then(() => Promise.all(sending)).then(() => deeds) };
  }

  stop(): void {
    clearInterval(this.timer);
    this.finished?.();
    this.finished = undefined;
  }
}

interface Act {
  event: TrafficEvent;
  perform(live: LiveSender): Promise<unknown>;
}

const sending = (event: TrafficEvent, message: LiveMessage): Act => ({ event, perform: (live) => live.send(message) });

/** An endless sequence of events: half are new messages, the rest act on earlier ones. */
function script(context: SimulatorContext, seed: number): () => Act {
  const random = new Random(seed);
  const said: PastMessage[] = [];
  const speak = (): Act => {
    const { from, chat } = place(context, random);
    const kind = random.chance(0.15) ? 'document' : 'text';
    const text = sentence('en', random);
    const deed: PastMessage = { kind, from, chat, id: newMessageId(), target: null, text };
    said.push(deed);
    const document = { fileName: fileName('en', random), caption: text, mimetype: 'application/pdf' };
    const message: proto.IMessage = kind === 'text' ? { conversation: text } : { documentMessage: document };
    return sending(deed, { from, chat, id: deed.id, message });
  };
  return () => {
    const target = said.length > 0 && random.chance(0.5) ? random.pick(said) : undefined;
    return target ? answer(context, random, target) : speak();
  };
}

/** Chooses sender and chat: a person to me, a person in a group, or me to a person. */
function place({ world }: SimulatorContext, random: Random): { from: string; chat: string } {
  const own = random.chance(0.2);
  const people = world.people.flatMap(({ pn }) => (pn ? [pn] : []));
  const groups = world.chats.filter(
    ({ jid, participants = [], left, conversation }) =>
      jid.endsWith('@g.us') && participants.length > 1 && !left && !conversation.isParentGroup,
  );
  if (groups.length === 0 || random.chance(0.6)) {
    const other = random.pick(people);
    return { from: own ? world.me.pn : other, chat: other };
  }
  const group = random.pick(groups);
  const members = group.participants!.filter((member) => member !== world.me.pn && member !== world.me.lid);
  return { from: own || members.length === 0 ? world.me.pn : random.pick(members), chat: group.jid };
}

function answer(context: SimulatorContext, random: Random, target: PastMessage): Act {
  const { from, chat } = target;
  const base = { from, chat, id: newMessageId(), target: target.id };
  const luck = random.below(10);
  if (luck < 3 && target.kind === 'text') {
    const text = sentence('en', random);
    return sending({ ...base, kind: 'edit', text }, { ...base, message: editOf(chat, target.id, text) });
  }
  if (luck < 4) {
    return sending({ ...base, kind: 'revoke', text: '' }, { ...base, message: revocationOf(chat, target.id) });
  }
  const reader = readerOf(context, target);
  if (luck < 6 && reader) {
    const event: TrafficEvent = { ...base, kind: 'receipt', from: reader, text: '' };
    const options = { from: reader, ids: [target.id], type: 'read' as const };
    const place = reader === chat ? options : { ...options, chat };
    return { event, perform: async () => sendReceipt(context, place) };
  }
  const text = random.pick(reactionEmoji);
  const key = { remoteJid: chat, fromMe: true, id: target.id };
  const reactionMessage = { key, text, senderTimestampMs: Date.now() };
  return sending({ ...base, kind: 'reaction', text }, { ...base, message: { reactionMessage } });
}

/** The party that may have read it: me, or the person I wrote to. */
function readerOf({ world }: SimulatorContext, { from, chat }: PastMessage): string | undefined {
  if (from !== world.me.pn) return world.me.pn;
  return chat.endsWith('@g.us') ? undefined : chat;
}
