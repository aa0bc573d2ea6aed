import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';

/** A ciphertext and its receiving device. */
export interface Part {
  to: string;
  enc: BinaryNode;
}

/** The parsed message of a linked device. */
export interface SentMessage {
  parts: Part[];
  /** For a message to a group: the part for every member with the sender's key. */
  shared: BinaryNode | undefined;
}

/** A single ciphertext stands directly in the message; it may be for one member of a group. */
export function readSent(message: BinaryNode): SentMessage {
  const { to = '', participant } = message.attrs;
  const direct = getBinaryNodeChildren(message, 'enc');
  const single = direct.filter(({ attrs }) => attrs['type'] !== 'skmsg').map((enc) => ({ to: participant ?? to, enc }));
  const listed = getBinaryNodeChildren(getBinaryNodeChild(message, 'participants'), 'to').flatMap((part) =>
    getBinaryNodeChildren(part, 'enc').map((enc) => ({ to: part.attrs['jid'] ?? '', enc })),
  );
  return { parts: [...single, ...listed], shared: direct.find(({ attrs }) => attrs['type'] === 'skmsg') };
}
