import { isPlainObject, type PlainObject } from '../../domain/plain-object.ts';

/**
 * Fields that always stand, false or empty as they may be: what the examples in docs/hybrid-operations.md read by name
 * alone.
 */
export const contractFields: ReadonlySet<string> = new Set(
  [
    'success message status overall_status healthy messages_synced messages_fetched chats_synced sync_duration_seconds',
    'duplicates_skipped failed total total_messages total_chats media_messages text_messages checkpoint',
    'history_sync_details mark_as_read_details messages content timestamp chat_jid products product_count name id count',
  ].flatMap((line) => line.split(' ')),
);

/** Fields of which false or empty says something that their absence does not. */
export const tellingFields: ReadonlySet<string> = new Set(
  [
    'syncing linked connected can_serve is_on_whatsapp is_business has_catalog was_linked joined read same_account',
    'total_is_exact product_count_is_exact collection_count_is_exact',
    'chats contacts communities groups members checkpoints collections devices numbers operations before after',
  ].flatMap((line) => line.split(' ')),
);

/** Whether a field stands even when it is false or empty. */
export const alwaysStands = (field: string): boolean => contractFields.has(field) || tellingFields.has(field);

/**
 * The same result without what is null, and without what is empty or false where that goes without saying. Adds the name
 * of each field that is left to `names`. The field `stands` stays even when it is empty.
 */
export function compact(value: object, names?: Set<string>, stands?: string): PlainObject {
  const kept: [string, unknown][] = []; // a key may be `__proto__`
  for (const [field, part] of Object.entries(value)) {
    const inner = compactPart(part, names);
    const mayStand = field === stands || alwaysStands(field);
    if (inner === null || inner === undefined || (isEmpty(inner) && !mayStand)) continue;
    kept.push([field, inner]);
    names?.add(field);
  }
  return Object.fromEntries(kept);
}

/** The same for an entry of a list, which may be no object. */
export function compactPart(part: unknown, names?: Set<string>): unknown {
  if (Array.isArray(part)) return part.map((one) => compactPart(one, names));
  return isPlainObject(part) ? compact(part, names) : part;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === false || value === '' || (isPlainObject(value) && Object.keys(value).length === 0);
}
