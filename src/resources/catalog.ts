import { getChat, listChats } from '../tools/chats/chats.ts';
import { getCommunityGroups } from '../tools/communities/communities.ts';
import { listMessages } from '../tools/messages/lists.ts';
import { getMessage } from '../tools/messages/messages.ts';
import { listUnread } from '../tools/messages/unread.ts';
import { backendStatusTool } from '../tools/system/system.ts';
import type { Resource } from './define.ts';
import { errorsGuide, identityGuide, statesGuide, syncGuide } from './guides.ts';

const offline = 'From the local store, without a connection.';

/** Every resource. None stands for a single chat: names that others chose would be in every list. */
export const resources: readonly Resource[] = [
  {
    path: 'status',
    name: 'status',
    title: 'Status',
    description: 'What is linked, connected and stored, and the next step when something is missing.',
    content: backendStatusTool,
  },
  {
    path: 'chats',
    name: 'chats',
    title: 'Chats',
    description: `Chats with name, unread count and last message, the latest first. ${offline}`,
    content: listChats,
  },
  {
    path: 'chats/{chat_jid}',
    name: 'chat',
    title: 'One chat',
    description: `Settings, members and number of stored messages of a chat. ${offline}`,
    content: getChat,
  },
  {
    path: 'chats/{chat_jid}/messages',
    name: 'chat-messages',
    title: 'Messages of a chat',
    description: `Messages of one chat, the newest first, in pages. ${offline}`,
    content: listMessages,
  },
  {
    path: 'communities/{community_jid}',
    name: 'community',
    title: 'One community',
    description: 'The groups of a community, joined or not, with unread messages. Asks WhatsApp.',
    content: getCommunityGroups,
  },
  {
    path: 'messages/{message_id}',
    name: 'message',
    title: 'One message',
    description: `A message in full: edits, reactions, receipts, poll, media details. ${offline}`,
    content: getMessage,
  },
  {
    path: 'unread',
    name: 'unread',
    title: 'Unread messages',
    description: `Chats with unread messages and their last lines. ${offline}`,
    content: listUnread,
  },
  {
    path: 'guides/sync',
    name: 'guide-sync',
    title: 'Guide: how history gets here',
    description:
      'From the phone to a search result: which tool does what, in which order, and how to go on after a stop.',
    content: syncGuide,
  },
  {
    path: 'guides/states',
    name: 'guide-states',
    title: 'Guide: what the states mean',
    description: 'Every state of a bridge and of the history.',
    content: statesGuide,
  },
  {
    path: 'guides/identity',
    name: 'guide-identity',
    title: 'Guide: names and addresses',
    description: 'How chats and people are addressed, and why one person can have two addresses.',
    content: identityGuide,
  },
  {
    path: 'guides/errors',
    name: 'guide-errors',
    title: 'Guide: errors',
    description: 'Every error code, whether trying again helps, and the next step.',
    content: errorsGuide,
  },
];
