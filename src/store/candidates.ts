import { AppError } from '../domain/errors.ts';
import { type ChatKind, chatKind } from '../domain/jid.ts';

const mostCandidates = 20;

interface Candidate {
  jid: string;
  kind: ChatKind;
}

/** Several chats or people are meant. Their names are other people's text: an error shows addresses alone. */
export function ambiguous(message: string, jids: readonly string[]): AppError {
  const candidates = jids.slice(0, mostCandidates).map((jid): Candidate => ({ jid, kind: chatKind(jid) }));
  return new AppError('ambiguous_recipient', message, { details: { candidates } });
}
