import type * as baileys from '@whiskeysockets/baileys';

/** Baileys, as its package exports it. Types are free; the code costs 0.3 s and 100 MB, so it is loaded at the first connect. */
export type Library = typeof baileys;
export type Socket = ReturnType<Library['makeWASocket']>;
export type SocketEvents = Partial<baileys.BaileysEventMap>;
/** How far a collection of the account's settings was read, and the hash over all of it. */
export type HashState = ReturnType<Library['newLTHashState']>;
/** One change of a setting. */
export type Mutation = baileys.ChatMutation;
export type { AuthenticationCreds, BinaryNode, proto, WAMessage } from '@whiskeysockets/baileys';

/** The one place that loads the library. Its dependencies print keys to the console: stdout must be guarded before. */
export const loadLibrary = (): Promise<Library> => import('@whiskeysockets/baileys');
