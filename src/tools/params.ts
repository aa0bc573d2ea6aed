import * as z from 'zod';

/** Arguments that several tools share, each with the one description an agent sees for it. */
export const Recipient = z.string().trim().min(1).max(200);

export const ChatJid = Recipient.describe('Chat: JID, phone number or exact name.');

export const MessageId = z.string().trim().min(1).max(200).describe('Message id, as in the results of other tools.');

export const limit = (standard: number) => z.number().int().min(1).max(500).default(standard).describe('Page size.');

export const Cursor = z.string().max(1000).optional().describe('The last next_cursor.');
