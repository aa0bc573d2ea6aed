import type { MemberRole } from '../../domain/chat.ts';
import type { MemberTold } from '../../domain/rights.ts';

/** A fact about a member of a group; member '' stands for a list itself. Times in milliseconds since 1970. */
export interface MemberWord {
  member: string;
  told: MemberTold;
  role: MemberRole;
  at: number;
}

/** Records that a list of all members was received: people it does not name had left. */
export const listWord = (at: number): MemberWord => ({ member: '', told: 'list', role: 'left', at });

/** Keeps the first and the last of equal lists within 30 days, and every event. */
const period = "CASE WHEN @told = 'list' THEN CAST(@at AS INTEGER) / 2592000000 ELSE @at END";

/**
 * Records one fact. `chat` is the column and parameter that name the group; changes no row when the fact is already
 * known.
 */
export const noteWord = (table: string, chat: string, also = ''): string => `
  INSERT INTO ${table} (${chat}, member, told, role, period, first_at, last_at${also && `, ${also}`})
  VALUES (@${chat}, @member, @told, @role, ${period}, @at, @at${also && `, @${also}`})
  ON CONFLICT (${chat}, member, told, role, period) DO UPDATE SET first_at = min(first_at, excluded.first_at),
    last_at = max(last_at, excluded.last_at)${also && `, ${also} = excluded.${also}`}
  WHERE excluded.first_at < first_at OR excluded.last_at > last_at`;
