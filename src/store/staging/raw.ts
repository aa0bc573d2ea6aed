import type { StagingView } from './view.ts';

/** The raw form of a staged message that is not copied yet, under either address of its chat. */
export function stagedRaw({ db }: StagingView, chatJid: string, id: string): Uint8Array | undefined {
  const select = db.prepare(`
    SELECT raw FROM messages WHERE id = @id AND raw IS NOT NULL AND chat_jid IN (
      SELECT @chatJid UNION SELECT pn FROM lid_pairs WHERE lid = @chatJid UNION SELECT lid FROM lid_pairs WHERE pn = @chatJid)
    ORDER BY variant LIMIT 1`);
  return select.pluck().get({ chatJid, id }) as Uint8Array | undefined;
}
