import type { Message } from '../../../src/domain/message.ts';

/** The fields that most messages leave empty. A new column gets its value here, for the rows of all tests. */
export const blankMessage = {
  filename: null,
  title: null,
  quotedId: null,
  forwarded: false,
  viewOnce: false,
  starred: false,
  expiresAt: null,
  status: null,
  details: null,
} satisfies Partial<Message>;
