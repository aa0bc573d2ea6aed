import type { proto } from '@whiskeysockets/baileys';
import { editOf, type LiveMessage, revocationOf } from '../../../src/simulator/traffic/live.ts';
import { pollOf, voteMessage } from '../../../src/simulator/traffic/vote.ts';
import { cast } from '../storm/interleave.ts';
import type { WireEvent } from './story.ts';

const { me, pairs, groups } = cast;
const [ada, ben, eve, dan] = pairs as [Pair, Pair, Pair, Pair];
const [group] = groups as [string];
type Pair = { pn: string; lid: string };

/** After any day on which an account is linked here: earlier messages are unread only where the phone reports so. */
const begin = 4_000_000_000;
let minute = 0;
const now = () => begin + 60 * minute++;

const says = (live: Omit<LiveMessage, 'message' | 'timestamp'>, content: string | proto.IMessage): WireEvent => {
  const timestamp = now();
  const message = typeof content === 'string' ? { conversation: content } : content;
  return (simulator) => simulator.send({ ...live, message, timestamp });
};

const reaction = (chat: string, id: string, mine: boolean, text: string): proto.IMessage => ({
  reactionMessage: { key: { remoteJid: chat, fromMe: mine, id }, text, senderTimestampMs: now() * 1000 },
});

/** An edit at a time of the scene. */
function edit(chat: string, id: string, text: string): proto.IMessage {
  const { protocolMessage } = editOf(chat, id, text);
  return { protocolMessage: { ...protocolMessage, timestampMs: now() * 1000 } };
}

const receipt = (options: Parameters<Parameters<WireEvent>[0]['receipt']>[0]): WireEvent => {
  const timestamp = now();
  return async (simulator) => simulator.receipt({ ...options, timestamp });
};

const media = { mimetype: 'application/pdf', fileName: 'plan.pdf', caption: 'the plan', fileLength: 7 };
const secret = Buffer.alloc(32, 7);
const poll: proto.IMessage = {
  ...pollOf('Soup?', ['Yes', 'No']).message,
  messageContextInfo: { messageSecret: secret },
};

function vote(): proto.IMessage {
  const asked = { chat: group, pollId: 'POLL', creator: ada.lid, voter: eve.lid, own: false, secret, choice: ['Yes'] };
  const message = voteMessage(asked);
  return { pollUpdateMessage: { ...message.pollUpdateMessage, senderTimestampMs: now() * 1000 } };
}

/** All events of the phone, contacts with each kind of address, and a group; equal in every session. */
export const scene: readonly WireEvent[] = [
  says({ from: me.jid, chat: ada.pn, id: 'PHONE' }, 'from my phone'),
  says({ from: ada.pn, id: 'BY-NUMBER' }, 'by number'),
  says({ from: eve.lid, addressing: 'lid', id: 'BY-LID' }, 'by hidden identity'),
  // It is not known yet that both are one person.
  says({ from: ben.pn, alone: true, id: 'BEN-1' }, 'by number alone'),
  says({ from: ben.lid, addressing: 'lid', alone: true, id: 'BEN-2' }, 'by hidden identity alone'),
  (simulator) => simulator.tellPairs([ben]),
  says({ from: ben.pn, id: 'BEN-3' }, 'and by number again'),
  says({ from: dan.pn, id: 'FILE' }, { documentMessage: media }),
  says({ from: ada.lid, chat: group, id: 'GROUP' }, 'to the group'),
  says({ from: ada.lid, chat: group, id: 'GROUP-2' }, 'to the group again'),
  says({ from: me.jid, chat: group, id: 'PHONE-GROUP' }, 'from my phone to the group'),
  says({ from: ada.lid, chat: group, id: 'POLL' }, poll),
  says({ from: eve.lid, chat: group, id: 'VOTE' }, vote()),
  says({ from: ada.pn, id: 'EDIT' }, edit(ada.pn, 'BY-NUMBER', 'by number, corrected')),
  says({ from: eve.lid, addressing: 'lid', id: 'REVOKE' }, revocationOf(eve.lid, 'BY-LID')),
  says({ from: me.jid, chat: group, id: 'OWN-REVOKE' }, revocationOf(group, 'PHONE-GROUP')),
  says({ from: ada.pn, addressing: 'lid', id: 'LIKE' }, reaction(ada.lid, 'PHONE', false, '👍')),
  says({ from: me.jid, chat: ben.pn, id: 'OWN-LIKE' }, reaction(ben.pn, 'BEN-1', false, '🎉')),
  says({ from: eve.lid, chat: group, id: 'GROUP-LIKE' }, reaction(group, 'GROUP', false, '👍')),
  receipt({ from: ada.pn, ids: ['PHONE'] }),
  receipt({ from: ada.lid, ids: ['PHONE'], type: 'read' }),
  receipt({ from: me.jid, chat: ada.pn, ids: ['BY-NUMBER'], type: 'read' }),
  receipt({ from: me.jid, chat: group, ids: ['GROUP'], type: 'read' }),
  says({ from: ada.pn, id: 'UNREAD' }, 'not read yet'),
  async (simulator) => simulator.settings.modify(dan.pn, { archive: true, lastMessages: [] }),
  async (simulator) => simulator.settings.name(dan.pn, 'Dan Saved'),
];

/** The rows that the scene adds, each under its chat; all other events change one of them. */
export const rowsOfScene: Readonly<Record<string, string>> = {
  PHONE: ada.pn,
  'BY-NUMBER': ada.pn,
  'BY-LID': eve.pn,
  'BEN-1': ben.pn,
  'BEN-2': ben.pn,
  'BEN-3': ben.pn,
  FILE: dan.pn,
  GROUP: group,
  'GROUP-2': group,
  'PHONE-GROUP': group,
  POLL: group,
  UNREAD: ada.pn,
};

/** The unread counts at its end, by chat; a message that its author revoked still counts. */
export const unreadOfScene: Readonly<Record<string, number>> = {
  [ada.pn]: 1,
  [ben.pn]: 3,
  [eve.pn]: 1,
  [dan.pn]: 1,
  [group]: 2,
};
