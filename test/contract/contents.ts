import type { proto } from '@whiskeysockets/baileys';

export const ada = '15550100001@s.whatsapp.net';
export const adaLid = '20000000000001@lid';

const sha = new Uint8Array(32).fill(7);
const ctx = {
  stanzaId: 'Q1',
  participant: '15550100002:3@s.whatsapp.net',
  quotedMessage: { imageMessage: { caption: 'old', mimetype: 'image/png' } },
  mentionedJid: [adaLid, 'nobody', '15550100002:1@s.whatsapp.net'],
  isForwarded: true,
  forwardingScore: 2,
  expiration: 86400,
};
const file = {
  mimetype: 'x/y',
  fileLength: 1234567890123,
  seconds: 12,
  width: 3,
  height: 4,
  pageCount: 5,
  fileSha256: sha,
  caption: 'cap',
  contextInfo: ctx,
};

/** A message of every kind that can arrive: readable, hidden, wrapped, unknown, and those that change another. */
export const contents = {
  conversation: { conversation: 'hello' },
  'empty-conversation': { conversation: '' },
  text: { extendedTextMessage: { text: 'hi', contextInfo: ctx } },
  link: {
    extendedTextMessage: {
      text: 'see https://a.example/?a=1&b=<2>',
      matchedText: 'https://a.example/?a=1&b=<2>',
      title: 'T\u2028<b>',
      description: 'D "q" \\ \u0007',
    },
  },
  image: { imageMessage: file },
  'image-bare': { imageMessage: {} },
  video: { videoMessage: file },
  gif: { videoMessage: { ...file, gifPlayback: true } },
  ptv: { ptvMessage: file },
  audio: { audioMessage: file },
  voice: { audioMessage: { ...file, ptt: true } },
  sticker: { stickerMessage: file },
  document: { documentMessage: { ...file, fileName: 'a.pdf', title: 'A' } },
  'document-same': { documentMessage: { fileName: 'a.pdf', title: 'a.pdf' } },
  'document-titled': { documentMessage: { title: 'only title' } },
  'document-caption': { documentWithCaptionMessage: { message: { documentMessage: { ...file, fileName: 'b.pdf' } } } },
  poll: {
    pollCreationMessage: {
      name: 'q?',
      options: [{ optionName: 'a' }, { optionName: 'b' }, {}],
      selectableOptionsCount: 1,
      contextInfo: ctx,
    },
  },
  poll2: { pollCreationMessageV2: { name: 'q?', options: [] } },
  poll3: { pollCreationMessageV3: { name: 'q3', options: [{ optionName: 'é' }] } },
  poll5: { pollCreationMessageV5: { name: 'q5' } },
  poll4: {
    pollCreationMessageV4: { message: { pollCreationMessageV3: { name: 'in', options: [{ optionName: 'x' }] } } },
  },
  contact: {
    contactMessage: {
      displayName: 'Ada',
      vcard: 'BEGIN:VCARD\nTEL;type=CELL;waid=15550100001:+1 555 010-0001\nEND:VCARD',
    },
  },
  'contact-tel': {
    contactMessage: { displayName: '', vcard: 'BEGIN:VCARD\r\nTEL;type=CELL: +1 555 010-0009 \r\nEND:VCARD' },
  },
  contacts: { contactsArrayMessage: { contacts: [{ displayName: 'A', vcard: '' }, { displayName: 'B' }] } },
  location: {
    locationMessage: {
      degreesLatitude: 52.5,
      degreesLongitude: -0.0000001,
      name: 'N',
      address: 'S 1',
      comment: 'here',
    },
  },
  'location-bare': { locationMessage: {} },
  live: { liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2, caption: 'moving' } },
  event: { eventMessage: { name: 'E', description: 'D', startTime: 1_760_000_000, location: { name: 'L' } } },
  'event-bare': { eventMessage: { name: 'E' } },
  invite: { groupInviteMessage: { caption: 'join', groupName: 'G' } },
  product: { productMessage: { body: '', product: { title: 'P', description: 'PD' } } },
  'product-named': {
    productMessage: { businessOwnerJid: '15550100002:4@s.whatsapp.net', product: { productId: 'P1', title: 'P' } },
  },
  'product-shop': { productMessage: { businessOwnerJid: 'x', product: { productId: 'P2' } } },
  'order-known': {
    orderMessage: { orderId: 'O1', token: 'T', sellerJid: '15550100002@s.whatsapp.net', itemCount: 3, message: 'M' },
  },
  'order-half': { orderMessage: { orderId: 'O1', itemCount: 3 } },
  order: { orderMessage: { message: 'M', orderTitle: 'O' } },
  call: { callLogMesssage: { isVideo: true } },
  bcall: { bcallMessage: { caption: 'c' } },
  scheduled: { scheduledCallCreationMessage: { title: 't' } },
  buttons: { buttonsMessage: { contentText: 'b' } },
  'buttons-answer': { buttonsResponseMessage: { selectedDisplayText: 'yes' } },
  list: { listMessage: { title: 't', description: 'd' } },
  'list-answer': { listResponseMessage: { title: 'l' } },
  template: { templateMessage: { hydratedTemplate: { hydratedContentText: 'h' } } },
  template4: { templateMessage: { hydratedFourRowTemplate: { hydratedContentText: 'h4' } } },
  'template-interactive': { templateMessage: { interactiveMessageTemplate: { body: { text: 'i' } } } },
  'template-answer': { templateButtonReplyMessage: { selectedDisplayText: 'r' } },
  interactive: { interactiveMessage: { body: { text: 'ib' }, header: { title: 'ih' } } },
  'interactive-answer': { interactiveResponseMessage: { body: { text: 'ir' } } },
  structured: { highlyStructuredMessage: { hydratedHsm: { hydratedTemplate: { hydratedContentText: 'hh' } } } },
  unknown: { paymentInviteMessage: {} },
  'readable-beside-unknown': { paymentInviteMessage: {}, conversation: 'seen' },
  'keys-only': { senderKeyDistributionMessage: { groupId: 'x' } },
  'keys-and-text': { senderKeyDistributionMessage: { groupId: 'x' }, conversation: 'after' },
  album: { albumMessage: { expectedImageCount: 2 } },
  ephemeral: {
    ephemeralMessage: { message: { extendedTextMessage: { text: 'gone soon', contextInfo: { expiration: 604800 } } } },
  },
  'view-once': { viewOnceMessageV2: { message: { imageMessage: { caption: 'v' } } } },
  'view-once-flag': { imageMessage: { viewOnce: true } },
  'view-once-opened': { viewOnceMessage: { message: {} } },
  nested: {
    ephemeralMessage: {
      message: {
        viewOnceMessage: {
          message: { documentWithCaptionMessage: { message: { documentMessage: { caption: 'deep' } } } },
        },
      },
    },
  },
  'device-sent': { deviceSentMessage: { destinationJid: ada, message: { conversation: 'mine' } } },
  reaction: {
    reactionMessage: {
      key: { remoteJid: ada, fromMe: true, id: 'R1' },
      text: '👍',
      senderTimestampMs: 1_760_000_001_234,
    },
  },
  unreaction: { reactionMessage: { key: { id: 'R1' }, text: '' } },
  revoke: { protocolMessage: { type: 0, key: { remoteJid: ada, id: 'V1' } } },
  edit: {
    editedMessage: {
      message: {
        protocolMessage: {
          type: 14,
          key: { id: 'V1' },
          timestampMs: 1_760_000_009_000,
          editedMessage: { extendedTextMessage: { text: 'better' } },
        },
      },
    },
  },
  'edit-caption': {
    protocolMessage: { type: 14, key: { id: 'V2' }, editedMessage: { imageMessage: { caption: 'new cap' } } },
  },
  'other-protocol': { protocolMessage: { type: 3, key: { id: 'V1' }, ephemeralExpiration: 5 } },
  vote: { pollUpdateMessage: { pollCreationMessageKey: { id: 'P' } } },
  pin: { pinInChatMessage: { key: { id: 'P' } } },
  nothing: {},
} satisfies Record<string, proto.IMessage>;
