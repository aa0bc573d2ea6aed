import { normalizeJid } from '../../../src/domain/jid.ts';
import type { Message, MessageChange, WaitingVote } from '../../../src/domain/message.ts';
import type { Me } from '../../../src/domain/own-account.ts';
import type { EventSink, IngestBatch, MessageSource } from '../../bridge.ts';
import type { KeyStore } from '../library/key-store.ts';
import type { Library, proto, WAMessage } from '../library/library.ts';
import { chosenOptions } from '../translate/change.ts';
import { readContent } from '../translate/content.ts';
import { authorOf, chatOf } from '../translate/key.ts';
import type { TranslateContext } from '../translate/message.ts';
import { unwrap, visibleField } from '../translate/unwrap.ts';
import { positive } from '../translate/wire.ts';

type Vote = proto.Message.IPollVoteMessage;

const known = (jids: readonly (string | null | undefined)[]): string[] => [
  ...new Set(jids.map(normalizeJid).filter((jid) => jid !== undefined)),
];

function pollOf(info: proto.IWebMessageInfo) {
  const inner = unwrap(info.message ?? {}).message;
  const field = visibleField(inner);
  const poll = field && readContent(field, inner[field as keyof proto.IMessage]).details?.poll;
  const secret =
    info.message?.messageContextInfo?.messageSecret ?? inner.messageContextInfo?.messageSecret ?? info.messageSecret;
  return poll && secret?.length ? { options: poll.options, secret } : undefined;
}

/** Tries every pair of addresses: the sender's client decides which of a person's two addresses enters the key. */
function decrypt(
  library: Library,
  vote: proto.Message.IPollEncValue,
  key: { secret: Uint8Array; pollId: string; creators: string[]; voters: string[] },
): Vote | undefined {
  for (const pollCreatorJid of key.creators) {
    for (const voterJid of key.voters) {
      try {
        const context = { pollCreatorJid, pollMsgId: key.pollId, pollEncKey: key.secret, voterJid };
        return library.decryptPollVote(vote, context);
      } catch {
        // wrong pair
      }
    }
  }
  return undefined;
}

export interface VoteContext {
  me: Me;
  nowMs: number;
  /** The other address of a person, if known. */
  otherAddress(jid: string): string | undefined;
}

/** A vote on a poll in the permanent store; undefined when it is not a vote or cannot be decrypted. */
export function voteChange(
  library: Library,
  source: MessageSource,
  info: WAMessage,
  { me, nowMs, otherAddress }: VoteContext,
): MessageChange | undefined {
  const update = unwrap(info.message ?? {}).message.pollUpdateMessage;
  const chatJid = chatOf(info.key);
  const pollId = update?.pollCreationMessageKey?.id;
  const raw = chatJid && pollId ? source.rawMessage(chatJid, pollId) : undefined;
  const actor = authorOf(info.key, me, info.participant);
  if (!update?.vote || !chatJid || !pollId || !raw || !actor) return undefined;
  const created = library.proto.WebMessageInfo.decode(raw);
  const poll = pollOf(created);
  if (!poll) return undefined;
  const both = (jids: (string | null | undefined)[]) =>
    known(jids.flatMap((jid) => [jid, otherAddress(normalizeJid(jid) ?? '')]));
  const creators = created.key?.fromMe ? known([me.pn, me.lid]) : both([authorOf(created.key ?? {}, me), chatJid]);
  const voters = info.key.fromMe
    ? known([me.pn, me.lid])
    : both([actor, info.key.participantAlt, info.key.remoteJidAlt]);
  const vote = decrypt(library, update.vote, { secret: poll.secret, pollId, creators, voters });
  if (!vote) return undefined;
  const value = JSON.stringify(chosenOptions(poll.options, vote.selectedOptions ?? []));
  const at = positive(update.senderTimestampMs) ?? (positive(info.messageTimestamp) ?? 0) * 1000;
  return { chatJid, messageId: pollId, kind: 'vote', actor, at: at || nowMs, value };
}

export interface VoteReaderDeps {
  library: Library;
  sink: Pick<EventSink, 'waitingVotes'>;
  source: MessageSource;
  keyStore: KeyStore;
  translate: TranslateContext;
}

/** Decrypts the votes among messages; the result belongs into the batch of `rows`. */
export interface VoteReader {
  /**
   * `rows` are stored together with the result: a new poll can be voted on at once, and votes that waited for it are
   * decrypted. A vote on an unknown poll waits.
   */
  read(
    messages: readonly WAMessage[],
    rows: readonly Message[],
  ): Pick<IngestBatch, 'changes' | 'waitingVotes' | 'pollsRead'>;
}

/** Decodes bytes inside a message; undefined on failure, so that one bad message does not block the others. */
export function readable<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

export function createVoteReader({ library, sink, source, keyStore, translate }: VoteReaderDeps): VoteReader {
  const { WebMessageInfo } = library.proto;
  const otherAddress = (jid: string): string | undefined => {
    const [user = '', server] = jid.split('@');
    const id = server === 'lid' ? `${user}_reverse` : user;
    const other = keyStore.get('lid-mapping', [id])[id];
    return typeof other !== 'string' ? undefined : `${other}@${server === 'lid' ? 's.whatsapp.net' : 'lid'}`;
  };
  const waitingFor = (message: WAMessage, polls: MessageSource): WaitingVote | undefined => {
    const { id } = message.key;
    const chatJid = chatOf(message.key);
    const pollId = unwrap(message.message ?? {}).message.pollUpdateMessage?.pollCreationMessageKey?.id;
    if (!id || !chatJid || !pollId || polls.rawMessage(chatJid, pollId)) return undefined;
    return { pollId, chatJid, id, info: WebMessageInfo.encode(message).finish() };
  };
  const waited = (rows: readonly Message[]): { pollId: string; votes: WAMessage[] }[] =>
    rows
      .filter(({ type }) => type === 'poll')
      .map(({ id }) => ({ pollId: id, votes: sink.waitingVotes(id) }))
      .filter(({ votes }) => votes.length > 0)
      .map(({ pollId, votes }) => ({
        pollId,
        votes: votes.map(({ info }) => WebMessageInfo.decode(info) as WAMessage),
      }));
  return {
    read: (messages, rows) => {
      const polls: MessageSource = {
        rawMessage: (chatJid, id) =>
          rows.find((row) => row.id === id && row.type === 'poll')?.raw ?? source.rawMessage(chatJid, id),
      };
      const context = { me: translate.me, nowMs: translate.now, otherAddress };
      const come = waited(rows);
      const present = <T>(value: T | undefined): value is T => value !== undefined;
      const changes = [...messages, ...come.flatMap(({ votes }) => votes)]
        .map((message) => readable(() => voteChange(library, polls, message, context)))
        .filter(present);
      const waitingVotes = messages.map((message) => readable(() => waitingFor(message, polls))).filter(present);
      return {
        ...(changes.length > 0 && { changes }),
        ...(waitingVotes.length > 0 && { waitingVotes }),
        ...(come.length > 0 && { pollsRead: come.map(({ pollId }) => pollId) }),
      };
    },
  };
}
