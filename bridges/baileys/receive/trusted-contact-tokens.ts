import { normalizeJid } from '../../../src/domain/jid.ts';
import type { BinaryNode, proto, Socket } from '../library/library.ts';
import { positive } from '../translate/wire.ts';

interface StoredToken {
  token: Buffer;
  timestamp?: string;
  senderTimestamp?: number;
}

/** The row in which the library lists the owners of its tokens, so that it can delete old ones. */
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
 * Stores the trusted-contact tokens of history chats: without them WhatsApp refuses messages to existing contacts. The
 * library keys them by LID where it knows it.
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

/** WhatsApp accepts a token for three to four weeks, counted in whole weeks. */
const goodForSeconds = 3 * 7 * 86_400;

/**
 * The token of a person for requests about what they show only to trusted contacts; empty where there is none. Requests
 * about the account itself must carry none: WhatsApp would not answer them.
 */
export async function trustToken(socket: Socket, jid: string, nowMs: number): Promise<BinaryNode[]> {
  const { creds, keys } = socket.authState;
  const own = [creds.me?.id, creds.me?.lid].map(normalizeJid);
  if (own.includes(jid) || !/@(lid|s\.whatsapp\.net)$/.test(jid)) return [];
  const id = jid.endsWith('@lid') ? jid : ((await socket.signalRepository.lidMapping.getLIDForPN(jid)) ?? jid);
  const { token, timestamp } = (await keys.get('tctoken', [id]))[id] ?? {};
  const age = nowMs / 1000 - Number(timestamp ?? 0);
  return token?.length && age < goodForSeconds
    ? [{ tag: 'tctoken', attrs: { t: String(timestamp) }, content: token }]
    : [];
}
