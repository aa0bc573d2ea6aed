import { isLid } from '../../domain/jid.ts';
import { type Right, type Standing, type Verdict, verdictOf } from '../../domain/rights.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { openRoles } from './roles.ts';

/** The message that a change targets. `kind` and `chat` are those of its chat; `timestamp` is in seconds. */
export interface ChangedMessage {
  chatId: number;
  chat: string;
  kind: string;
  sender: string | null;
  timestamp: number;
}

/** An edit or a revoke; `at` is in milliseconds. */
export interface Claim {
  kind: string;
  actor: string;
  at: number;
}

/** Decides an edit or revoke by what is known now: see `rights` in domain/rights.ts. */
export type Judge = (claim: Claim, message: ChangedMessage) => Verdict;

export const counts = (verdict: Verdict): boolean => verdict === 'final' || verdict === 'counts';

export function openJudge(db: Db): Judge {
  const wasAdmin = openRoles(db);
  const contact = db.prepare<[object], number>(rule('find_alias', { noun: 'contact' })).pluck();
  const pair = db.prepare<[number], { pn: string | null; lid: string | null }>(
    'SELECT pn, lid FROM main.contacts WHERE id = ?',
  );
  const isPaired = (id: number | undefined): boolean => {
    const both = id === undefined ? undefined : pair.get(id);
    return both !== undefined && both.pn !== null && both.lid !== null;
  };
  const toAuthor = (actor: string, sender: string | null): Standing => {
    if (sender === null) return 'unproven';
    if (sender === actor) return 'author';
    const [author, other] = [contact.get({ alias: sender }), contact.get({ alias: actor })];
    if (author !== undefined && author === other) return 'proven';
    return isLid(sender) === isLid(actor) || isPaired(author) || isPaired(other) ? 'another' : 'unproven';
  };
  const standing = ({ kind, actor, at }: Claim, message: ChangedMessage): Standing => {
    if (message.kind === 'newsletter' && actor === message.chat) return 'channel';
    const known = toAuthor(actor, message.sender);
    if (known === 'author' || known === 'proven' || kind !== 'revoke') return known;
    const isGroup = message.kind === 'group' || message.kind === 'community';
    return isGroup && wasAdmin(message.chatId, actor, at) ? 'admin' : known;
  };
  return (claim, message) =>
    verdictOf(claim.kind as Right['change'], standing(claim, message), claim.at, message.timestamp);
}
