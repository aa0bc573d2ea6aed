/** How long after its message an edit is valid, in seconds. Phones allow 15 minutes; their clocks differ. */
export const editWindowSeconds = 20 * 60;

/** The relation of a change's author to the message, as far as it is known. */
export const standings = {
  author: 'the address that wrote it',
  proven: 'the other address of the person who wrote it: the two are known to be one contact',
  channel: 'the channel itself, in a channel: WhatsApp lets only its admins do that',
  admin: 'an admin of the group at the time of the change',
  unproven:
    'an address of the other kind (LID or phone number), while it is not known whose it is, or anyone while the author is not known',
  another: 'another person',
} as const;
export type Standing = keyof typeof standings;

export const verdicts = {
  final: 'counts, and stays so: nothing that is learned later can change it',
  counts: 'counts, and is undone exactly if what it rests on proves wrong',
  waits: 'changes nothing; is decided again when a pair or a role is learned',
  refused: 'changes nothing, whatever is learned of roles',
} as const;
export type Verdict = keyof typeof verdicts;

export interface Right {
  change: 'edit' | 'revoke';
  by: Standing;
  verdict: Verdict;
  /** Seconds after the message; later changes are refused. */
  within?: number;
}

/** The rights to change a message. An attempt without a right is stored and never shown. */
export const rights: readonly Right[] = [
  { change: 'edit', by: 'author', verdict: 'counts', within: editWindowSeconds },
  { change: 'edit', by: 'proven', verdict: 'counts', within: editWindowSeconds },
  { change: 'edit', by: 'channel', verdict: 'counts' },
  { change: 'edit', by: 'admin', verdict: 'refused' },
  { change: 'edit', by: 'unproven', verdict: 'waits' },
  { change: 'edit', by: 'another', verdict: 'refused' },
  { change: 'revoke', by: 'author', verdict: 'final' },
  { change: 'revoke', by: 'proven', verdict: 'counts' },
  { change: 'revoke', by: 'channel', verdict: 'final' },
  { change: 'revoke', by: 'admin', verdict: 'counts' },
  { change: 'revoke', by: 'unproven', verdict: 'waits' },
  { change: 'revoke', by: 'another', verdict: 'waits' },
];

/**
 * What a fact about a group member proves: whether they are an admin from then on, and whether they were before; null:
 * unknown.
 */
export const memberEvidence = {
  list: { from: 'by role', before: 'by role' },
  add: { from: false, before: false },
  promote: { from: true, before: false },
  demote: { from: false, before: true },
  remove: { from: false, before: null },
  word: { from: 'by role', before: null },
} as const satisfies Record<string, { from: boolean | 'by role'; before: boolean | null | 'by role' }>;
export type MemberTold = keyof typeof memberEvidence;

/** Decides a change. `at` (milliseconds) and the message's time (seconds) decide whether an edit is in time. */
export function verdictOf(change: Right['change'], by: Standing, at: number, timestamp: number): Verdict {
  const right = rights.find((one) => one.change === change && one.by === by);
  if (!right) return 'refused';
  return right.within !== undefined && at > (timestamp + right.within) * 1000 ? 'refused' : right.verdict;
}
