import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';

/** A ciphertext and the device that it is for. */
export interface Part {
  to: string;
  enc: BinaryNode;
}

/** What a linked device sent, taken apart. */
export interface SentMessage {
  parts: Part[];
  /** Of a message to a group: what everybody reads who has the sender's key. */
  shared: BinaryNode | undefined;
}

/** One ciphertext alone stands directly in the message; it may be for one member of a group. */
export function readSent(message: BinaryNode): SentMessage {
  const { to = '', participant } = message.attrs;
  const direct = getBinaryNodeChildren(message, 'enc');
  const single = direct.filter(({ attrs }) => attrs['type'] !== 'skmsg').map((enc) => ({ to: participant ?? to, enc }));
  const listed = getBinaryNodeChildren(getBinaryNodeChild(message, 'participants'), 'to').flatMap((part) =>
    getBinaryNodeChildren(part, 'enc').map((enc) => ({ to: part.attrs['jid'] ?? '', enc })),
  );
  return { parts: [...single, ...listed], shared: direct.find(({ attrs }) => attrs['type'] === 'skmsg') };
}
