import type { proto } from '@whiskeysockets/baileys';
import type { Message, MessageChange } from '../../../src/domain/message.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { editOf, type LiveMessage, revocationOf } from '../../../src/simulator/traffic/live.ts';
import { type Arrival, cast } from '../storm/interleave.ts';
import { historyPart } from './world.ts';

/** An event on the wire; resolves when it is in every linked device's queue. */
export type WireEvent = (simulator: Simulator) => Promise<unknown>;

const { me, pairs } = cast;
const isGroup = (jid: string) => jid.endsWith('@g.us');
const form = (jid: string) => (jid.endsWith('@lid') ? 'lid' : 'pn');
const personOf = (jid: string) => pairs.find(({ pn, lid }) => pn === jid || lid === jid);

/** A person's address in the same form (PN or LID) as another address. */
function inForm(jid: string, other: string): string {
  const person = personOf(jid);
  return person ? person[form(other)] : jid;
}

function contentOf({ type, content, filename, id }: Message): proto.IMessage {
  if (type !== 'document') return { conversation: content };
  return {
    documentMessage: { fileName: filename, caption: content, mimetype: 'application/pdf', fileLength: id.length },
  };
}

/** Sender and chat of a message, with one address only; no pair is sent. */
function place(chatJid: string, author: string): Pick<LiveMessage, 'from' | 'chat' | 'addressing' | 'alone'> {
  const own = author === me.jid;
  if (isGroup(chatJid)) return { from: author, chat: chatJid, addressing: own ? 'lid' : form(author), alone: true };
  return { from: own ? me.jid : chatJid, chat: chatJid, addressing: form(chatJid), alone: true };
}

/** A story as events on the wire; in a direct chat only its two participants act. */
export function wireEventsOf(arrivals: readonly Arrival[]): WireEvent[] {
  const said = new Map(arrivals.flatMap(({ batch }) => (batch.messages ?? []).map((row) => [row.id, row] as const)));
  return arrivals.flatMap(({ batch }): WireEvent[] => {
    const { lane, messages = [], changes = [], lidPairs = [] } = batch;
    if (lidPairs.length > 0) return [(simulator) => simulator.tellPairs(lidPairs)];
    if (lane === 'history') return [pageOf([...messages.map(infoOf), ...changes.map((one) => changeInfo(one, said))])];
    return [...messages.map(liveDeed), ...changes.map((one) => changeDeed(one, said))];
  });
}

function liveDeed(row: Message): WireEvent {
  const { id, timestamp, chatJid } = row;
  const author = row.fromMe ? me.jid : (row.sender ?? chatJid);
  const message = { ...place(chatJid, author), id, timestamp, message: contentOf(row) };
  return (simulator) => simulator.send(message);
}

/** The possible actor: the other side of a direct chat, or the account. */
function actorOf({ chatJid, actor }: MessageChange): string {
  return actor === me.jid || isGroup(chatJid) ? actor : chatJid;
}

/** The message of a change; its id and time are those of the change. */
function changing(change: MessageChange, target: Message | undefined): proto.IMessage {
  const { chatJid, messageId, kind, at, value } = change;
  if (kind === 'revoke') return revocationOf(chatJid, messageId);
  if (kind === 'edit') {
    const { protocolMessage } = editOf(chatJid, messageId, value);
    return { protocolMessage: { ...protocolMessage, timestampMs: at } };
  }
  const mine = target?.fromMe === (actorOf(change) === me.jid);
  const key = { remoteJid: chatJid, fromMe: mine, id: messageId };
  return { reactionMessage: { key, text: value, senderTimestampMs: at } };
}

const idOf = ({ kind, at }: MessageChange) => `C${kind.toUpperCase()}${at}`;

function changeDeed(change: MessageChange, said: ReadonlyMap<string, Message>): WireEvent {
  const { chatJid, messageId, kind, at, value } = change;
  const author = actorOf(change);
  const timestamp = at / 1000;
  if (kind === 'receipt') {
    const from = author === me.jid ? me.jid : author;
    const chat = author === me.jid || isGroup(chatJid) ? { chat: chatJid } : {};
    const type = value === 'read' ? ({ type: 'read' } as const) : {};
    return async (simulator) => simulator.receipt({ from, ...chat, ids: [messageId], ...type, timestamp });
  }
  const message = changing(change, said.get(messageId));
  return (simulator) => simulator.send({ ...place(chatJid, author), id: idOf(change), timestamp, message });
}

function keyOf(chatJid: string, id: string, author: string): proto.IMessageKey {
  const participant = isGroup(chatJid) ? { participant: author === me.jid ? me.lid : author } : {};
  return { remoteJid: chatJid, fromMe: author === me.jid, id, ...participant };
}

function infoOf(row: Message): proto.IWebMessageInfo {
  const author = row.fromMe
    ? me.jid
    : inForm(row.sender ?? row.chatJid, isGroup(row.chatJid) ? row.sender! : row.chatJid);
  return { key: keyOf(row.chatJid, row.id, author), message: contentOf(row), messageTimestamp: row.timestamp };
}

/** A change as a history contains it: a message of its own, or a receipt with the message that it is about. */
function changeInfo(change: MessageChange, said: ReadonlyMap<string, Message>): proto.IWebMessageInfo {
  const target = said.get(change.messageId);
  const author = actorOf(change);
  if (change.kind === 'receipt' && target) {
    const receipt = { userJid: author, readTimestamp: change.at / 1000 };
    return { ...infoOf({ ...target, chatJid: change.chatJid }), userReceipt: [receipt] };
  }
  const key = keyOf(change.chatJid, idOf(change), author);
  return { key, message: changing(change, target), messageTimestamp: change.at / 1000 };
}

/** Messages of several chats in one part of a history. */
function pageOf(infos: readonly proto.IWebMessageInfo[]): WireEvent {
  const chats = [...new Set(infos.map(({ key }) => key?.remoteJid ?? ''))];
  const conversations = chats.map((id): proto.IConversation => {
    const messages = infos.filter(({ key }) => key?.remoteJid === id).map((message) => ({ message }));
    return { id, messages, unreadCount: 1 };
  });
  return (simulator) => simulator.sendHistoryPart(historyPart(conversations));
}
