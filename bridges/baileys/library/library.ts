import type * as baileys from '@whiskeysockets/baileys';

/**
 * Baileys, as its package exports it. Types are free; loading the code costs 0.3 s and 100 MB, so the first connect
 * loads it.
 */
export type Library = typeof baileys;
export type Socket = ReturnType<Library['makeWASocket']>;
export type SocketEvents = Partial<baileys.BaileysEventMap>;
/** The version of a settings collection that was read, and the hash over all of it. */
export type HashState = ReturnType<Library['newLTHashState']>;
/** One change of a setting. */
export type Mutation = baileys.ChatMutation;
export type { AuthenticationCreds, BinaryNode, proto, WAMessage } from '@whiskeysockets/baileys';

/**
 * The only place that loads the library. Its dependencies print keys to the console, so stdout must be guarded first.
 */
export const loadLibrary = (): Promise<Library> => import('@whiskeysockets/baileys');
