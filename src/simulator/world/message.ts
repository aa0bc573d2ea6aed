import { proto } from '@whiskeysockets/baileys';
import { reactionsTo, receiptsFor, votesOn } from './add-on.ts';
import { bodyOf, editedBody } from './body.ts';
import { changeAt, isAppliedEdit } from './change.ts';
import { contextOf, withContext } from './context.ts';
import { kindOf, timeOf } from './layout.ts';
import { authorOf, keyOf } from './people/author.ts';
import { hash, Random } from './random.ts';
import type { Thread } from './thread.ts';

const { Status, StubType } = proto.WebMessageInfo;

function statusOf(random: Random): proto.WebMessageInfo.Status {
  const luck = random.next();
  if (luck < 0.04) return Status.SERVER_ACK;
  return luck < 0.2 ? Status.DELIVERY_ACK : Status.READ;
}

/** The phone's data about a message: delivery, reactions, votes, stars. */
function annotate(info: proto.IWebMessageInfo, thread: Thread, row: number, time: number, random: Random): void {
  const poll = info.message?.pollCreationMessage ?? info.message?.pollCreationMessageV3;
  if (poll) info.pollUpdates = votesOn(thread, row, poll, time, random);
  else if (random.chance(0.06)) info.reactions = reactionsTo(thread, row, time, random);
  if (info.key!.fromMe) {
    info.status = statusOf(random);
    if (thread.group || random.chance(0.3)) info.userReceipt = receiptsFor(thread, time, random);
  }
  if (random.chance(0.01)) info.starred = true;
  if (thread.ephemeral) {
    info.ephemeralDuration = thread.ephemeral.seconds;
    info.ephemeralStartTimestamp = time;
  }
}

function contentOf(thread: Thread, row: number, random: Random): proto.IMessage | undefined {
  const body = isAppliedEdit(thread, row) ? editedBody(thread, row) : bodyOf(thread, row);
  if (!body) return undefined;
  const context = contextOf(thread, row, random);
  const message = context ? withContext(body, context) : body;
  return thread.ephemeral && row % 2 ? { ephemeralMessage: { message } } : message;
}

/** The row as the phone stores it: a message, or a row that is not shown as one. */
export function messageAt(thread: Thread, row: number): proto.IWebMessageInfo {
  if (!kindOf(thread, row)) return changeAt(thread, row);
  const time = timeOf(thread, row);
  const info: proto.IWebMessageInfo = { key: keyOf(thread, row), messageTimestamp: time };
  const author = authorOf(thread, row);
  if (author) info.pushName = author.person.pushName;
  if (author?.person.business) info.verifiedBizName = author.person.pushName;
  if (info.key!.participant) info.participant = info.key!.participant;
  const random = new Random(hash(thread.seed ^ 0x3e55, thread.index, row));
  const message = contentOf(thread, row, random);
  if (!message) {
    info.messageStubType = StubType.REVOKE;
    info.revokeMessageTimestamp = time + 30;
    return info;
  }
  info.message = message;
  annotate(info, thread, row, time, random);
  return info;
}

/** Rows from…to of a chat, newest first. */
export function* messagesOf(thread: Thread, from: number, to: number): Generator<proto.IWebMessageInfo> {
  for (let row = from; row < to; row++) yield messageAt(thread, row);
}
