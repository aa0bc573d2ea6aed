import { proto } from '@whiskeysockets/baileys';
import type { LiveMessage } from '../../../src/simulator/traffic/live.ts';
import type { World } from '../../../src/simulator/world/world.ts';

/** A word that occurs in every live message, and nowhere else. */
export const liveWord = 'zephyrine';

export const liveId = (n: number): string => `3EB0F00D${String(n).padStart(8, '0')}`;

interface Cast {
  contact: string;
  /** The same person by the other address, and one without a phone number. */
  byLid: string;
  stranger: string;
  group: string;
  member: string;
  me: string;
}

/** One sender of each kind; every world has them. */
function castOf({ me, people, chats }: World): Cast {
  const known = people.find(({ pn, lid }) => pn && lid);
  const stranger = people.find(({ pn, lid }) => lid && !pn);
  const group = chats.find(
    ({ jid, participants, count }) => jid.endsWith('@g.us') && count > 0 && (participants?.length ?? 0) > 1,
  );
  const member = group?.participants?.find((jid) => jid !== me.pn && jid !== me.lid);
  if (!known?.pn || !known.lid || !stranger?.lid || !group || !member) throw new Error('this world is too small');
  return { contact: known.pn, byLid: known.lid, stranger: stranger.lid, group: group.jid, member, me: me.pn };
}

/** Five of eight messages are rows of their own; the others change one. */
const kinds = ['contact', 'lid', 'group', 'own', 'edit', 'stranger', 'reaction', 'revoke'] as const;

const rowIn = (n: number, kind: (typeof kinds)[number]): string => liveId(n - (n % kinds.length) + kinds.indexOf(kind));

/**
 * The n-th message of traffic that is equal in every run: contacts by both addresses, a group, the own phone, an edit,
 * a reaction and a revoke, repeatedly.
 */
export function liveMessage(world: World, n: number): LiveMessage {
  const { contact, byLid, stranger, group, member, me } = castOf(world);
  const timestamp = Math.floor(world.now / 1000) + 60 + n;
  const common = { id: liveId(n), timestamp };
  const text = (words: string) => ({ conversation: `${liveWord} ${words} number${n}` });
  const key = (kind: (typeof kinds)[number], remoteJid: string, fromMe: boolean) => ({
    remoteJid,
    fromMe,
    id: rowIn(n, kind),
  });
  const { Type } = proto.Message.ProtocolMessage;
  switch (kinds[n % kinds.length]) {
    case 'lid':
      return { ...common, from: byLid, addressing: 'lid', message: text('by lid') };
    case 'group':
      return { ...common, from: member, chat: group, message: text('in a group') };
    case 'own':
      return { ...common, from: me, chat: contact, message: text('of my own') };
    case 'edit': {
      const editedMessage = text('corrected');
      const timestampMs = timestamp * 1000;
      const protocolMessage = {
        key: key('contact', contact, true),
        type: Type.MESSAGE_EDIT,
        editedMessage,
        timestampMs,
      };
      return { ...common, from: contact, message: { protocolMessage } };
    }
    case 'stranger':
      return { ...common, from: stranger, message: text('from a stranger') };
    case 'reaction': {
      const reactionMessage = { key: key('own', contact, true), text: '👍', senderTimestampMs: timestamp * 1000 };
      return { ...common, from: contact, message: { reactionMessage } };
    }
    case 'revoke':
      return {
        ...common,
        from: contact,
        message: { protocolMessage: { key: key('contact', contact, true), type: Type.REVOKE } },
      };
    default:
      return { ...common, from: contact, message: text('of a contact') };
  }
}

/** Whether the n-th message is a row of its own; five of eight are. */
export const makesRow = (n: number): boolean => !['edit', 'reaction', 'revoke'].includes(kinds[n % kinds.length] ?? '');

/** Ids of the rows that the first `count` messages add. */
export const liveRowIds = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => n)
    .filter(makesRow)
    .map(liveId);
