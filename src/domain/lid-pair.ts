import type { LidPair } from './chat.ts';
import { isLid, isPn, normalizeJid } from './jid.ts';

/** A pair of addresses of one person, in whichever order they come. */
export function lidPair(one: string | null | undefined, other: string | null | undefined): LidPair | undefined {
  const [a, b] = [normalizeJid(one), normalizeJid(other)];
  if (!a || !b) return undefined;
  if (isLid(a) && isPn(b)) return { lid: a, pn: b };
  return isPn(a) && isLid(b) ? { lid: b, pn: a } : undefined;
}
