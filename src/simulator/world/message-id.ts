import { mix, unmix } from './random.ts';

const rowsPerChat = 2 ** 24;
const hex = (value: number, digits: number): string =>
  (value >>> 0).toString(16).toUpperCase().padStart(8, '0').slice(-digits);

/** A message id in WhatsApp's form; different for every chat (below 256) and row (below 2^24) of a seed. */
export function messageId(seed: number, chat: number, row: number): string {
  const head = mix((chat * rowsPerChat + row) ^ mix(seed));
  return `3EB0${hex(head, 8)}${hex(mix(head + seed), 8)}${hex(mix(head ^ 0x5bd1e995), 2)}`;
}

/** The row from which `messageId` made this id for this chat; undefined for other ids. */
export function rowOfMessageId(seed: number, chat: number, id: string): number | undefined {
  const head = Number.parseInt(id.slice(4, 12), 16);
  if (Number.isNaN(head)) return undefined;
  const place = (unmix(head) ^ mix(seed)) >>> 0;
  const row = place % rowsPerChat;
  return Math.floor(place / rowsPerChat) === chat && messageId(seed, chat, row) === id ? row : undefined;
}
