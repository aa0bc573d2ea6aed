import { createCipheriv, createHash, createHmac } from 'node:crypto';
import * as library from '@whiskeysockets/baileys';
import { proto, type WAMessage } from '@whiskeysockets/baileys';
import { expect, test } from 'vitest';
import { voteChange } from '../../../bridges/baileys/votes.ts';
import { friend, group, me, sentAt, wire } from './translate/wire-message.ts';

const secret = Buffer.alloc(32, 5);
const voterLid = '20000000000003@lid';
const hmac = (key: Uint8Array, data: Uint8Array) => createHmac('sha256', key).update(data).digest();

/** The sending side, from the protocol's description: key from secret, poll id, creator and voter. */
function encryptedVote(pollId: string, creator: string, voter: string, options: string[]): proto.Message.IPollEncValue {
  const sign = Buffer.concat([Buffer.from(`${pollId}${creator}${voter}Poll Vote`), Buffer.from([1])]);
  const cipher = createCipheriv('aes-256-gcm', hmac(hmac(Buffer.alloc(32), secret), sign), Buffer.alloc(12, 9));
  cipher.setAAD(Buffer.from(`${pollId}\u0000${voter}`));
  const selectedOptions = options.map((name) => createHash('sha256').update(name).digest());
  const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
  return {
    encPayload: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]),
    encIv: Buffer.alloc(12, 9),
  };
}

const poll = (fromMe: boolean) =>
  wire(
    {
      messageContextInfo: { messageSecret: secret },
      pollCreationMessageV3: { name: 'When?', options: [{ optionName: 'Mon' }, { optionName: 'Tue' }] },
    },
    { key: { remoteJid: group, fromMe, id: 'POLL', ...(fromMe ? {} : { participant: friend }) } },
  );

function vote(value: proto.Message.IPollEncValue, key: Partial<library.WAMessageKey> = {}): WAMessage {
  const pollUpdateMessage = {
    pollCreationMessageKey: { remoteJid: group, id: 'POLL', fromMe: false },
    vote: value,
    senderTimestampMs: sentAt * 1000 + 3,
  };
  const message = wire(
    { pollUpdateMessage },
    { key: { remoteJid: group, fromMe: false, id: 'V', participant: voterLid } },
  ) as WAMessage;
  Object.assign(message.key, key);
  return message;
}

const sourceOf = (stored: proto.WebMessageInfo | undefined) => ({
  rawMessage: (chat: string, id: string) =>
    stored && chat === group && id === 'POLL' ? proto.WebMessageInfo.encode(stored).finish() : undefined,
});
const pairs = new Map<string, string>();
const read = (message: WAMessage, stored: proto.WebMessageInfo | undefined) =>
  voteChange(library, sourceOf(stored), message, { me, nowMs: 1, otherAddress: (jid) => pairs.get(jid) });

test('a vote on an own poll is read, whichever address of the account went into its key', () => {
  for (const creator of [me.pn, me.lid]) {
    const change = read(vote(encryptedVote('POLL', creator, voterLid, ['Tue'])), poll(true));
    expect(change).toEqual({
      chatJid: group,
      messageId: 'POLL',
      kind: 'vote',
      actor: voterLid,
      at: sentAt * 1000 + 3,
      value: '["Tue"]',
    });
  }
});

test('a vote on somebody’s poll is read under the voter’s other address too', () => {
  const voterPn = '15550100003@s.whatsapp.net';
  const message = vote(encryptedVote('POLL', friend, voterPn, ['Mon', 'Tue']), { participantAlt: voterPn });
  expect(read(message, poll(false))?.value).toBe('["Mon","Tue"]');
});

test('a vote is read under addresses of maker and voter that neither message names', () => {
  const [makerLid, voterPn] = ['20000000000001@lid', '15550100003@s.whatsapp.net'];
  const message = vote(encryptedVote('POLL', makerLid, voterPn, ['Mon']));
  expect(read(message, poll(false))).toBeUndefined();
  pairs.set(friend, makerLid).set(voterLid, voterPn);
  expect(read(message, poll(false))?.value).toBe('["Mon"]');
  pairs.clear();
});

test('a vote taken back chooses nothing', () => {
  expect(read(vote(encryptedVote('POLL', me.pn, voterLid, [])), poll(true))?.value).toBe('[]');
});

test('an unknown poll, another key and a message that is no vote give nothing', () => {
  const value = encryptedVote('POLL', me.pn, voterLid, ['Tue']);
  expect(read(vote(value), undefined)).toBeUndefined();
  expect(read(vote(encryptedVote('OTHER', me.pn, voterLid, ['Tue'])), poll(true))).toBeUndefined();
  expect(read(vote({ encPayload: Buffer.alloc(40), encIv: Buffer.alloc(12) }), poll(true))).toBeUndefined();
  expect(read(wire({ conversation: 'x' }) as WAMessage, poll(true))).toBeUndefined();
});
