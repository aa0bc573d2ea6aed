import { proto } from '@whiskeysockets/baileys';
import { type TranslateContext, translateMessage } from '../../../../bridges/baileys/translate/message.ts';

export const me = { pn: '15550100000@s.whatsapp.net', lid: '20000000000000@lid' };
export const friend = '15550100001@s.whatsapp.net';
export const group = '120363000000000001@g.us';

/** 2026-01-02T03:04:05Z */
export const sentAt = 1_767_323_045;

export const context: TranslateContext = {
  me,
  now: 1_770_000_000_000,
  encode: (info) => proto.WebMessageInfo.encode(info).finish(),
};

/** A message from a friend, encoded and decoded as the library hands it over. */
export function wire(message: proto.IMessage | null, info: Partial<proto.IWebMessageInfo> = {}): proto.WebMessageInfo {
  const whole: proto.IWebMessageInfo = {
    key: { remoteJid: friend, fromMe: false, id: '3EB0A1' },
    messageTimestamp: sentAt,
    ...(message && { message }),
    ...info,
  };
  return proto.WebMessageInfo.decode(proto.WebMessageInfo.encode(whole).finish());
}

export const translate = (message: proto.IMessage | null, info: Partial<proto.IWebMessageInfo> = {}) =>
  translateMessage(wire(message, info), context);

/** The row of a message; fails without one. */
export function row(message: proto.IMessage | null, info: Partial<proto.IWebMessageInfo> = {}) {
  const { message: translated } = translate(message, info);
  if (!translated) throw new Error('no row');
  return translated;
}
