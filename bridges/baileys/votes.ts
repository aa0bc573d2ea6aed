import { normalizeJid } from '../../src/domain/jid.ts';
import type { MessageChange } from '../../src/domain/message.ts';
import type { MessageSource } from '../bridge.ts';
import type { Library, proto, WAMessage } from './library.ts';
import { chosenOptions } from './translate/change.ts';
import { readContent } from './translate/content.ts';
import { authorOf, chatOf, type Me } from './translate/key.ts';
import { unwrap, visibleField } from './translate/unwrap.ts';
import { positive } from './translate/wire.ts';

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

/** Decrypts with every pair of addresses: which of a person's two went into the key is the sender's choice. */
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
        // not this pair
      }
    }
  }
  return undefined;
}

export interface VoteContext {
  me: Me;
  nowMs: number;
  /** The other address of a person, where it is known. */
  otherAddress(jid: string): string | undefined;
}

/** A vote on a poll that the permanent store has; undefined when it is no vote or cannot be read. */
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
