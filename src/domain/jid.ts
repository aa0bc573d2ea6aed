/** WhatsApp addresses: `user@server`, with an optional `:device` or `_agent` that is not part of a chat or person. */

export const chatKinds = ['direct', 'group', 'community', 'newsletter', 'broadcast', 'status'] as const;
export type ChatKind = (typeof chatKinds)[number];

const pattern =
  /^([^@:_\s]+)(?:_\d+)?(?::\d+)?@(s\.whatsapp\.net|c\.us|lid|g\.us|newsletter|broadcast|hosted|hosted\.lid)$/;

/** The address of a chat or person without device part, or undefined when the text is not a JID. */
export function normalizeJid(text: string | null | undefined): string | undefined {
  const match = pattern.exec(text ?? '');
  if (!match) return undefined;
  const server = match[2]!
    .replace('c.us', 's.whatsapp.net')
    .replace(/^hosted$/, 's.whatsapp.net')
    .replace('hosted.lid', 'lid');
  return `${match[1]}@${server}`;
}

export const isPn = (jid: string): boolean => jid.endsWith('@s.whatsapp.net');
export const isLid = (jid: string): boolean => jid.endsWith('@lid');
export const isGroup = (jid: string): boolean => jid.endsWith('@g.us');
export const isStatus = (jid: string): boolean => jid === 'status@broadcast';

/** The kind of chat of an address; a community's address looks like a group's. */
export function chatKind(jid: string): ChatKind {
  if (isStatus(jid)) return 'status';
  if (jid.endsWith('@broadcast')) return 'broadcast';
  if (jid.endsWith('@newsletter')) return 'newsletter';
  return isGroup(jid) ? 'group' : 'direct';
}
