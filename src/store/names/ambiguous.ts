import { AppError } from '../../domain/errors.ts';
import { type ChatKind, chatKind } from '../../domain/jid.ts';
import type { NameKind } from '../../domain/names.ts';

const maxCandidates = 20;

interface Candidate {
  jid: string;
  kind: ChatKind;
  /** Whether the user saved the requested name, or the person chose it. */
  name_from?: NameKind;
}

/** The error when several chats or people match. Their names are other people's text, so it shows addresses only. */
export function ambiguous(
  message: string,
  jids: readonly string[],
  names: ReadonlyMap<string, NameKind> = new Map(),
): AppError {
  const candidates = jids.slice(0, maxCandidates).map((jid): Candidate => {
    const name_from = names.get(jid);
    return { jid, kind: chatKind(jid), ...(name_from && { name_from }) };
  });
  return new AppError('ambiguous_recipient', message, { details: { candidates } });
}
