import * as z from 'zod';
import { defineTool } from '../../../src/tools/define.ts';
import { ChatJid } from '../../../src/tools/params.ts';
import { freshness, freshnessFields } from '../../../src/tools/result/freshness.ts';

export const getChatAge = defineTool({
  name: 'get_chat_age',
  title: 'How old a chat is',
  description:
    'Gives the time of the first and the last stored message of one chat; use it to learn how far back a conversation goes. Works offline. For counts use get_message_statistics.',
  toolset: 'chats',
  effect: 'read',
  openWorld: false,
  uses: [],
  input: z.object({ chat_jid: ChatJid }),
  example: { chat_jid: '$chat_jid' },
  output: z.object({
    oldest_message: z.string().nullable(),
    newest_message: z.string().nullable(),
    ...freshnessFields,
  }),
  summary: ({ oldest_message: first, newest_message: last }) => `From ${first ?? 'unknown'} to ${last ?? 'unknown'}.`,
  run({ chat_jid }, context) {
    const { chats, messages } = context.store;
    const { oldest_message, newest_message } = messages.statistics(chats.resolve(chat_jid));
    return { oldest_message, newest_message, ...freshness(context) };
  },
});
