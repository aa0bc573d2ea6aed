import { normalizeJid } from '../../../src/domain/jid.ts';
import type { MessageDetails, MessageType } from '../../../src/domain/message.ts';
import type { proto } from '../library/library.ts';
import { compact, number, positive, seconds, text } from './wire.ts';

/** The visible content of a wire message, independent of sender and chat. */
export interface Content {
  type: MessageType;
  content?: string | undefined;
  title?: string | undefined;
  filename?: string | undefined;
  details?: MessageDetails | undefined;
  context?: proto.IContextInfo | null | undefined;
}

type Field = keyof proto.IMessage;
type Reader<K extends Field> = (value: NonNullable<proto.IMessage[K]>) => Content;

interface MediaFields {
  mimetype?: string | null;
  fileLength?: Parameters<typeof number>[0];
  seconds?: number | null;
  width?: number | null;
  height?: number | null;
  pageCount?: number | null;
  fileSha256?: Uint8Array | null;
  caption?: string | null;
  contextInfo?: proto.IContextInfo | null;
}

function media(type: MessageType, file: MediaFields): Content {
  const details = compact<NonNullable<MessageDetails['media']>>({
    mime_type: text(file.mimetype),
    size: positive(file.fileLength),
    seconds: positive(file.seconds),
    width: positive(file.width),
    height: positive(file.height),
    pages: positive(file.pageCount),
    sha256: file.fileSha256?.length ? Buffer.from(file.fileSha256).toString('base64') : undefined,
  });
  return { type, content: text(file.caption), details: details && { media: details }, context: file.contextInfo };
}

const poll = (value: proto.Message.IPollCreationMessage): Content => {
  const options = (value.options ?? []).map((option) => option.optionName ?? '');
  return {
    type: 'poll',
    content: text(value.name),
    title: text(options.join(', ')),
    details: { poll: { question: value.name ?? '', options, selectable: number(value.selectableOptionsCount) ?? 0 } },
    context: value.contextInfo,
  };
};

/** Name and number of one vCard; WhatsApp repeats the number as `waid=`. */
function card(contact: proto.Message.IContactMessage): { name: string; phone?: string } {
  const vcard = contact.vcard ?? '';
  const phone = /waid=(\d+)/.exec(vcard)?.[1] ?? /^TEL[^:\r\n]*:([^\r\n]+)/m.exec(vcard)?.[1]?.trim();
  return { name: contact.displayName ?? '', ...(phone && { phone }) };
}

function contacts(cards: readonly proto.Message.IContactMessage[], context: Content['context']): Content {
  const read = cards.map(card);
  const names = read.map((one) => one.name).filter((name) => name !== '');
  return { type: 'contact', title: text(names.join(', ')), details: { contacts: read }, context };
}

function location(
  place: {
    degreesLatitude?: number | null;
    degreesLongitude?: number | null;
    name?: string | null;
    address?: string | null;
  },
  content: string | null | undefined,
  context: Content['context'],
): Content {
  const coordinates = { latitude: place.degreesLatitude ?? 0, longitude: place.degreesLongitude ?? 0 };
  const names = { ...(place.name && { name: place.name }), ...(place.address && { address: place.address }) };
  return {
    type: 'location',
    content: text(content),
    title: text([place.name, place.address].filter(Boolean).join(', ')),
    details: { location: { ...coordinates, ...names } },
    context,
  };
}

function business(address: string | null | undefined): { business_jid?: string } {
  const business_jid = normalizeJid(address);
  return business_jid ? { business_jid } : {};
}

/** The ids with which a caller can request the full product. */
function shownProduct({ product, businessOwnerJid }: proto.Message.IProductMessage): MessageDetails | undefined {
  if (!product?.productId) return undefined;
  return { product: { product_id: product.productId, ...business(businessOwnerJid) } };
}

function placedOrder(order: proto.Message.IOrderMessage): MessageDetails | undefined {
  if (!order.orderId || !order.token) return undefined;
  const item_count = positive(order.itemCount);
  const what = { order_id: order.orderId, token: order.token, ...(item_count && { item_count }) };
  return { order: { ...what, ...business(order.sellerJid) } };
}

const template = (value: proto.Message.ITemplateMessage): string | undefined => {
  const hydrated = value.hydratedTemplate ?? value.hydratedFourRowTemplate;
  return text(hydrated?.hydratedContentText) ?? text(value.interactiveMessageTemplate?.body?.text);
};

/** A reader for each visible kind of wire message. A kind without a reader, unless hidden, becomes `unsupported`. */
export const readers: { [K in Field]?: Reader<K> } = {
  conversation: (value) => ({ type: 'text', content: value }),
  extendedTextMessage: (value) => {
    const link = compact<NonNullable<MessageDetails['link']>>({
      url: text(value.matchedText),
      title: text(value.title),
      description: text(value.description),
    });
    const base = { type: 'text', content: text(value.text), context: value.contextInfo } as const;
    return link ? { ...base, title: link.title, details: { link } } : base;
  },
  imageMessage: (value) => media('image', value),
  videoMessage: (value) => media(value.gifPlayback ? 'gif' : 'video', value),
  ptvMessage: (value) => media('video', value),
  audioMessage: (value) => media(value.ptt ? 'voice' : 'audio', value),
  stickerMessage: (value) => media('sticker', value),
  documentMessage: (value) => ({
    ...media('document', value),
    filename: text(value.fileName) ?? text(value.title),
    title: value.title && value.title !== value.fileName ? value.title : undefined,
  }),
  pollCreationMessage: poll,
  pollCreationMessageV2: poll,
  pollCreationMessageV3: poll,
  pollCreationMessageV5: poll,
  contactMessage: (value) => contacts([value], value.contextInfo),
  contactsArrayMessage: (value) => contacts(value.contacts ?? [], value.contextInfo),
  locationMessage: (value) => location(value, value.comment, value.contextInfo),
  liveLocationMessage: (value) => location(value, value.caption, value.contextInfo),
  eventMessage: (value) => {
    const startsAt = seconds(value.startTime);
    return {
      type: 'event',
      content: text(value.name),
      title: text([value.description, value.location?.name].filter(Boolean).join(', ')),
      details: { event: { name: value.name ?? '', ...(startsAt !== undefined && { starts_at: startsAt }) } },
      context: value.contextInfo,
    };
  },
  groupInviteMessage: (value) => ({
    type: 'invite',
    content: text(value.caption),
    title: text(value.groupName),
    context: value.contextInfo,
  }),
  productMessage: (value) => ({
    type: 'product',
    content: text(value.body) ?? text(value.product?.description),
    title: text(value.product?.title),
    details: shownProduct(value),
    context: value.contextInfo,
  }),
  orderMessage: (value) => ({
    type: 'order',
    content: text(value.message),
    title: text(value.orderTitle),
    details: placedOrder(value),
    context: value.contextInfo,
  }),
  callLogMesssage: () => ({ type: 'call' }),
  bcallMessage: (value) => ({ type: 'call', content: text(value.caption) }),
  scheduledCallCreationMessage: (value) => ({ type: 'call', title: text(value.title) }),
  // Buttons, lists and templates of businesses, and their answers: we keep the visible text.
  buttonsMessage: (value) => ({ type: 'text', content: text(value.contentText), context: value.contextInfo }),
  buttonsResponseMessage: (value) => ({
    type: 'text',
    content: text(value.selectedDisplayText),
    context: value.contextInfo,
  }),
  listMessage: (value) => ({
    type: 'text',
    content: text(value.description),
    title: text(value.title),
    context: value.contextInfo,
  }),
  listResponseMessage: (value) => ({ type: 'text', content: text(value.title), context: value.contextInfo }),
  templateMessage: (value) => ({ type: 'text', content: template(value), context: value.contextInfo }),
  templateButtonReplyMessage: (value) => ({
    type: 'text',
    content: text(value.selectedDisplayText),
    context: value.contextInfo,
  }),
  interactiveMessage: (value) => ({
    type: 'text',
    content: text(value.body?.text),
    title: text(value.header?.title),
    context: value.contextInfo,
  }),
  interactiveResponseMessage: (value) => ({
    type: 'text',
    content: text(value.body?.text),
    context: value.contextInfo,
  }),
  highlyStructuredMessage: (value) => ({
    type: 'text',
    content: value.hydratedHsm ? template(value.hydratedHsm) : undefined,
  }),
};

/** Fields that are no visible message: keys, context, changes of other messages. */
export const hiddenFields: ReadonlySet<string> = new Set<Field>([
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  'messageContextInfo',
  'protocolMessage',
  'reactionMessage',
  'encReactionMessage',
  'pollUpdateMessage',
  'encEventResponseMessage',
  'secretEncryptedMessage',
  'keepInChatMessage',
  'pinInChatMessage',
  'scheduledCallEditMessage',
  'stickerSyncRmrMessage',
  'messageHistoryBundle',
  'messageHistoryNotice',
  'albumMessage', // an envelope: its pictures arrive as separate messages
]);

/** Reads one field of a wire message. */
export function readContent(field: string, value: unknown): Content {
  const read = readers[field as Field] as ((value: unknown) => Content) | undefined;
  return read ? read(value) : { type: 'unsupported', details: { wire_type: field } };
}
