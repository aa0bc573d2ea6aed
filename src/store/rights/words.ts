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
