import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { hmacSign, proto } from '@whiskeysockets/baileys';

/** A poll that accepts votes; the message includes its key. */
export function pollOf(question: string, options: readonly string[]): { message: proto.IMessage; secret: Buffer } {
  const secret = randomBytes(32);
  const pollCreationMessageV3 = {
    name: question,
    options: options.map((optionName) => ({ optionName })),
    selectableOptionsCount: 1,
  };
  return { secret, message: { pollCreationMessageV3, messageContextInfo: { messageSecret: secret } } };
}

export interface Vote {
  chat: string;
  pollId: string;
  /** Addresses of the poll's creator and the voter, in the form used in the chat. */
  creator: string;
  voter: string;
  /** Whether the voter wrote the poll. */
  own: boolean;
  secret: Uint8Array;
  choice: readonly string[];
}

/** The message of a vote: only devices with the poll can decrypt the choice. */
export function voteMessage({ chat, pollId, creator, voter, own, secret, choice }: Vote): proto.IMessage {
  const purpose = Buffer.concat([Buffer.from(`${pollId}${creator}${voter}Poll Vote`), Buffer.from([1])]);
  const key = hmacSign(purpose, hmacSign(Buffer.from(secret), Buffer.alloc(32)));
  const encIv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, encIv).setAAD(Buffer.from(`${pollId}\u0000${voter}`));
  const selectedOptions = choice.map((option) => createHash('sha256').update(option).digest());
  const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
  const encPayload = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return {
    pollUpdateMessage: {
      pollCreationMessageKey: { remoteJid: chat, fromMe: own, id: pollId, participant: own ? null : creator },
      vote: { encPayload, encIv },
      senderTimestampMs: Date.now(),
    },
  };
}
