import { randomBytes } from 'node:crypto';

/** A message id in the phones' format. */
export const newMessageId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
