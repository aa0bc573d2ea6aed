import { createCipheriv, createHash, createHmac } from 'node:crypto';
import * as library from '@whiskeysockets/baileys';
import { proto, type WAMessage } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { createKeyStore } from '../../../../bridges/baileys/library/key-store.ts';
import { createVoteReader, voteChange } from '../../../../bridges/baileys/receive/poll-votes.ts';
import { messageRows } from '../../../../bridges/baileys/translate/history.ts';
import { memoryKeys } from '../rig/memory-keys.ts';
import { RecordingSink } from '../rig/recording-sink.ts';
import { context, friend, group, me, sentAt, wire } from '../translate/wire-message.ts';

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

describe('a vote that comes before its poll', () => {
  const read = (sink: RecordingSink, messages: WAMessage[], polls: proto.IWebMessageInfo[] = []) => {
    const keyStore = createKeyStore(library, memoryKeys(), { onLidPairs: () => {}, onFailure: () => {} });
    const source = { rawMessage: () => undefined };
    const votes = createVoteReader({ library, sink, source, keyStore, translate: context });
    const { messages: rows = [] } = messageRows([...messages, ...polls], context);
    const cast = votes.read(messages, rows);
    sink.ingest({ lane: 'live', messages: rows, ...cast });
    return cast;
  };
  const early = () => vote(encryptedVote('POLL', me.pn, voterLid, ['Tue']));

  test('waits, is read when the poll is there, and waits no more', () => {
    const sink = new RecordingSink();
    const { changes, waitingVotes } = read(sink, [early()]);
    expect(changes).toBeUndefined();
    expect(waitingVotes).toMatchObject([{ pollId: 'POLL', chatJid: group, id: 'V' }]);
    expect(read(sink, [], [poll(true)])).toEqual({
      changes: [
        { chatJid: group, messageId: 'POLL', kind: 'vote', actor: voterLid, at: sentAt * 1000 + 3, value: '["Tue"]' },
      ],
      pollsRead: ['POLL'],
    });
    expect(read(sink, [], [poll(true)])).toEqual({});
  });

  test('in the same batch is read at once', () => {
    const sink = new RecordingSink();
    const { changes, waitingVotes, pollsRead } = read(sink, [early()], [poll(true)]);
    expect([changes?.length, waitingVotes, pollsRead]).toEqual([1, undefined, undefined]);
  });

  test('does not wait when it is no vote, or for another poll', () => {
    const sink = new RecordingSink();
    expect(read(sink, [wire({ conversation: 'x' }) as WAMessage])).toEqual({});
    read(sink, [early()]);
    const other = poll(true);
    Object.assign(other.key ?? {}, { id: 'OTHER' });
    expect(read(sink, [], [other])).toEqual({});
  });
});
