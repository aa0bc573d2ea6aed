import type { proto, Socket } from './library.ts';
import { positive } from './translate/wire.ts';

interface StoredToken {
  token: Buffer;
  timestamp?: string;
  senderTimestamp?: number;
}

/** The row in which the library lists whose tokens it has, so that it can drop old ones. */
const indexId = '__index';

function knownJids(index: StoredToken | undefined): string[] {
  try {
    const list: unknown = JSON.parse(index?.token.toString() ?? '[]');
    return Array.isArray(list) ? list.filter((jid): jid is string => typeof jid === 'string') : [];
  } catch {
    return [];
  }
}

/**
 * Keeps the trusted-contact tokens that history chats bring: without them WhatsApp refuses messages to people the
 * account already talks to. The library stores them under the person's LID where it knows it.
 */
export async function storeTcTokens(socket: Socket, chats: readonly proto.IConversation[]): Promise<void> {
  const { keys } = socket.authState;
  const { lidMapping } = socket.signalRepository;
  const offered = new Map<string, { timestamp: number; stored: StoredToken }>();
  for (const chat of chats) {
    const timestamp = positive(chat.tcTokenTimestamp);
    if (!chat.id || !chat.tcToken?.length || timestamp === undefined) continue;
    const jid = chat.id.endsWith('@lid') ? chat.id : ((await lidMapping.getLIDForPN(chat.id)) ?? chat.id);
    const senderTimestamp = positive(chat.tcTokenSenderTimestamp);
    const stored = { token: Buffer.from(chat.tcToken), timestamp: String(timestamp) };
    offered.set(jid, { timestamp, stored: senderTimestamp === undefined ? stored : { ...stored, senderTimestamp } });
  }
  if (offered.size === 0) return;
  const existing = await keys.get('tctoken', [...offered.keys(), indexId]);
  const newer = [...offered].filter(([jid, { timestamp }]) => Number(existing[jid]?.timestamp ?? 0) < timestamp);
  if (newer.length === 0) return;
  const listed = [...new Set([...knownJids(existing[indexId]), ...newer.map(([jid]) => jid)])];
  const rows = newer.map(([jid, { stored }]) => [jid, { ...existing[jid], ...stored }] as const);
  const index = { token: Buffer.from(JSON.stringify(listed)) };
  await keys.set({ tctoken: { ...Object.fromEntries(rows), [indexId]: index } });
}
