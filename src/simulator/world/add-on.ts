import { createHash } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys';
import { addOnKey } from './people/author.ts';
import type { Random } from './random.ts';
import type { Member, Thread } from './thread.ts';
import { reactionEmoji } from './words/vocabulary.ts';

/** Some members in chat order, possibly including me (undefined); each once. */
function some(thread: Thread, random: Random, most: number): (Member | undefined)[] {
  const first = random.below(thread.members.length);
  const members = thread.members.slice(first, first + 1 + random.below(most));
  return random.chance(0.3) ? [...members.slice(0, most - 1), undefined] : members;
}

/** Reactions stored with the message; times in milliseconds. */
export function reactionsTo(thread: Thread, row: number, time: number, random: Random): proto.IReaction[] {
  return some(thread, random, 3).map((member, serial) => ({
    key: addOnKey(thread, row, serial, member),
    text: random.pick(reactionEmoji),
    senderTimestampMs: (time + 5 + serial) * 1000,
  }));
}

/** Votes stored with the poll: hashes of the chosen options. */
export function votesOn(
  thread: Thread,
  row: number,
  poll: proto.Message.IPollCreationMessage,
  time: number,
  random: Random,
): proto.IPollUpdate[] {
  return some(thread, random, 4).map((member, serial) => ({
    pollUpdateMessageKey: addOnKey(thread, row, serial, member),
    vote: { selectedOptions: [createHash('sha256').update(random.pick(poll.options!).optionName!).digest()] },
    senderTimestampMs: (time + 20 + serial) * 1000,
  }));
}

/** Delivery and read receipts of an own message; times in seconds. */
export function receiptsFor(thread: Thread, time: number, random: Random): proto.IUserReceipt[] {
  return thread.members.slice(0, 4).map((member) => {
    const receipt: proto.IUserReceipt = { userJid: member.jid, receiptTimestamp: time + 1 };
    if (random.chance(0.7)) receipt.readTimestamp = time + 2 + random.below(30);
    return receipt;
  });
}
