import * as z from 'zod';

/** Arguments that several tools share, each with the one description an agent sees for it. */
export const Recipient = z.string().trim().min(1).max(200);

export const ChatJid = Recipient.describe('Chat: JID, phone number or exact name.');

export const MessageId = z.string().trim().min(1).max(200).describe('Message id, as in the results of other tools.');

export const limit = (standard: number) => z.number().int().min(1).max(500).default(standard).describe('Page size.');

export const Cursor = z.string().max(1000).optional().describe('The last next_cursor.');

const iso = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Seconds since 1970 of an ISO 8601 time (UTC unless it has an offset), or undefined; February 30th is no time. */
export function parseTime(text: string): number | undefined {
  const [, date, minutes = '00:00', seconds = ':00', zone = 'Z'] = iso.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  const time = Date.parse(`${date}T${minutes}${seconds}${zone}`);
  return Number.isNaN(time) ? undefined : Math.ceil(time / 1000);
}

const Time = z.string().transform((text, context) => {
  const seconds = parseTime(text);
  if (seconds !== undefined) return seconds;
  context.addIssue({ code: 'custom', message: 'not an ISO 8601 time such as 2025-01-31T09:00:00Z' });
  return z.NEVER;
});

export const AfterTime = Time.optional().describe('ISO 8601 UTC, from then.');
export const BeforeTime = Time.optional().describe('ISO 8601 UTC, before then.');
