import { AppError } from '../../domain/errors.ts';
import { chatKind, isGroup, normalizeJid } from '../../domain/jid.ts';
import { shownName } from '../../domain/names.ts';
import { isoOrNull } from '../../domain/time.ts';
import { ambiguous } from '../names/ambiguous.ts';
import type { ChatDirectory } from '../names/chat-directory.ts';
import { nameKey } from '../names/key.ts';
import type { ChatReader, CommunityReader, KnownCommunity } from '../reader.ts';
import type { Db } from '../sqlite/database.ts';

interface CommunityRow {
  jid: string;
  name: string | null;
  members_at: number | null;
}

export class Communities implements CommunityReader {
  readonly #db: Db;
  readonly #directory: ChatDirectory;
  readonly #chats: Pick<ChatReader, 'resolve'>;

  constructor(db: Db, directory: ChatDirectory, chats: Pick<ChatReader, 'resolve'>) {
    this.#db = db;
    this.#directory = directory;
    this.#chats = chats;
  }

  list(): KnownCommunity[] {
    const groups = this.#db
      .prepare<[string], string>('SELECT jid FROM chats WHERE parent_jid = ? AND merged_into IS NULL ORDER BY jid')
      .pluck();
    return this.#rows().map(({ jid, name, members_at }) => ({
      jid,
      name: shownName(name) || null,
      groups: groups.all(jid),
      listed_at: isoOrNull(Math.trunc((members_at ?? 0) / 1000) || null),
    }));
  }

  group(jid: string): { name: string | null; unread_count: number } {
    const chat = this.#directory.find(jid);
    return { name: chat?.name ?? null, unread_count: chat?.row.unread_count ?? 0 };
  }

  resolve(recipient: string): string {
    const jid = normalizeJid(recipient.trim()) ?? this.#named(recipient) ?? this.#chats.resolve(recipient);
    if (isGroup(jid)) return jid;
    const kind = chatKind(jid);
    throw new AppError('invalid_input', `community_jid is a ${kind} chat; list_communities shows the communities.`);
  }

  #named(recipient: string): string | undefined {
    const wanted = nameKey(recipient);
    const named = this.#rows().filter(({ name }) => name && nameKey(name) === wanted);
    const [only, ...others] = named;
    if (others.length > 0) {
      throw ambiguous(
        `${named.length} communities have this name.`,
        named.map((community) => community.jid),
      );
    }
    return only?.jid;
  }

  /** Communities, including those known only through a group that belongs to them. */
  #rows(): CommunityRow[] {
    return this.#db
      .prepare<[], CommunityRow>(
        `SELECT jid, name, members_at FROM chats WHERE kind = 'community' AND merged_into IS NULL
         UNION ALL SELECT DISTINCT parent_jid, NULL, NULL FROM chats AS g WHERE parent_jid IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM chats AS c WHERE c.jid = g.parent_jid AND c.kind = 'community')
         ORDER BY jid`,
      )
      .all()
      .filter(({ jid }) => isGroup(jid));
  }
}
