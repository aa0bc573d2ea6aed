import { randomBytes } from 'node:crypto';

/** A message id as phones make them. */
export const newMessageId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
