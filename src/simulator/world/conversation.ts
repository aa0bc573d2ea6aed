import { proto } from '@whiskeysockets/baileys';
import { timeOf } from './layout.ts';
import { communityName, type RosterEntry } from './people/roster.ts';
import { hash, Random } from './random.ts';
import type { Thread } from './thread.ts';
import type { WorldChat } from './world.ts';

type Conversation = WorldChat['conversation'];

const day = 86_400;
const { REGULAR, ADMIN, SUPERADMIN } = proto.GroupParticipant.Rank;
const {
  COMPLETE_BUT_MORE_MESSAGES_REMAIN_ON_PRIMARY: someRemain,
  COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY: all,
} = proto.Conversation.EndOfHistoryTransferType;

function groupFields(thread: Thread, entry: RosterEntry): Conversation {
  const others = thread.members.map(({ jid }, index) => ({ userJid: jid, rank: index < 2 ? ADMIN : REGULAR }));
  return {
    name: entry.name!,
    participant: entry.left ? others : [{ userJid: entry.own, rank: entry.parent ? REGULAR : SUPERADMIN }, ...others],
    createdAt: timeOf(thread, thread.rows - 1),
    createdBy: entry.parent ? thread.members[0]!.jid : entry.own,
    ...(entry.parent ? { parentGroupId: entry.parent } : {}),
    ...(entry.announcement ? { isDefaultSubgroup: true } : {}),
    ...(entry.announcement || entry.left ? { readOnly: true } : {}),
  };
}

function directFields(thread: Thread, entry: RosterEntry): Conversation {
  const { person } = thread.members[0]!;
  const fields: Conversation = {};
  if (person.savedName) fields.name = person.savedName;
  if (entry.slot === 'lid_with_pn') fields.pnJid = person.pn!;
  if (entry.slot === 'pn_with_lid') fields.lidJid = person.lid!;
  if (person.lid && thread.index % 2) {
    fields.tcToken = new Random(hash(thread.seed, thread.index, 0x7c)).bytes(32);
    fields.tcTokenTimestamp = timeOf(thread, 0);
  }
  return fields;
}

function stateFields(thread: Thread): Conversation {
  const { index: rank } = thread;
  const newest = timeOf(thread, 0);
  const fields: Conversation = { unreadCount: thread.unread, archived: thread.archived };
  if (rank % 20 === 2) fields.pinned = newest;
  if (rank % 7 === 3) fields.muteEndTime = newest + 500 * day;
  if (rank === 1) fields.markedAsUnread = true;
  if (thread.ephemeral) {
    fields.ephemeralExpiration = thread.ephemeral.seconds;
    fields.ephemeralSettingTimestamp = thread.ephemeral.since;
  }
  return fields;
}

/** The phone's data about a chat besides its messages. Times in seconds. */
export function conversationOf(thread: Thread, entry: RosterEntry): Conversation {
  const newest = timeOf(thread, 0);
  return {
    conversationTimestamp: newest,
    lastMsgTimestamp: newest,
    endOfHistoryTransferType: thread.olderRows ? someRemain : all,
    notSpam: true,
    ...stateFields(thread),
    ...(thread.group ? groupFields(thread, entry) : directFields(thread, entry)),
  };
}

/** The community itself: a chat without messages of its own. Its admins are those who may announce. */
export const parentConversation = (own: string, admins: readonly string[]): Conversation => ({
  name: communityName,
  isParentGroup: true,
  participant: [
    { userJid: own, rank: REGULAR },
    ...admins.map((userJid, index) => ({ userJid, rank: index === 0 ? SUPERADMIN : ADMIN })),
  ],
  unreadCount: 0,
  endOfHistoryTransferType: all,
});
