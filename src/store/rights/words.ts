import type { MemberRole } from '../../domain/chat.ts';
import type { MemberTold } from '../../domain/rights.ts';

/** What was said of a member of a group; member '' is a list itself. Times in milliseconds since 1970. */
export interface MemberWord {
  member: string;
  told: MemberTold;
  role: MemberRole;
  at: number;
}

/** That a list of all members was made: whoever it does not name had left. */
export const listWord = (at: number): MemberWord => ({ member: '', told: 'list', role: 'left', at });

/** Of the lists of 30 days that say the same, the first and the last are kept; every event is. */
const period = "CASE WHEN @told = 'list' THEN CAST(@at AS INTEGER) / 2592000000 ELSE @at END";

/** Notes one word. `chat` is the column and parameter that name the group; it changes no row when it is no news. */
export const noteWord = (table: string, chat: string, also = ''): string => `
  INSERT INTO ${table} (${chat}, member, told, role, period, first_at, last_at${also && `, ${also}`})
  VALUES (@${chat}, @member, @told, @role, ${period}, @at, @at${also && `, @${also}`})
  ON CONFLICT (${chat}, member, told, role, period) DO UPDATE SET first_at = min(first_at, excluded.first_at),
    last_at = max(last_at, excluded.last_at)${also && `, ${also} = excluded.${also}`}
  WHERE excluded.first_at < first_at OR excluded.last_at > last_at`;
