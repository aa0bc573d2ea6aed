import type { EventSink } from '../../bridge.ts';
import type { Handlers } from '../../operations/catalog.ts';
import { readySocket } from '../connection/ready-socket.ts';
import type { Session } from '../connection/session.ts';
import { abortable } from './abortable.ts';
import { CommunityQueries } from './community-queries.ts';

/** `timeoutMs`: timeout of one request to WhatsApp. */
export function communityHandlers(
  session: Session,
  context: { sink: Pick<EventSink, 'ingest'>; now: () => number; timeoutMs: number },
) {
  const queries = new CommunityQueries(() => readySocket(session), context);
  return {
    'communities.list': (_, signal) => abortable(queries.list(), signal),
    'communities.groups': ({ community_jid }, signal) => abortable(queries.groups(community_jid), signal),
    'communities.members': ({ community_jid }, signal) => abortable(queries.members(community_jid), signal),
  } satisfies Partial<Handlers>;
}
