import type { proto } from '@whiskeysockets/baileys';

const vcard = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ana Test\nTEL;type=CELL;waid=15550100055:+1 555 010-0055\nEND:VCARD';
export const sha = new Uint8Array(32).fill(7);
const sha256 = Buffer.from(sha).toString('base64');
const file = { mimetype: 'image/jpeg', fileLength: 1234, fileSha256: sha };

/** Every visible kind of message: its name, its wire form, the expected row. */
export const kinds: [string, proto.IMessage, object][] = [
  ['conversation', { conversation: 'hello' }, { type: 'text', content: 'hello', details: null }],
  [
    'text with a link',
    {
      extendedTextMessage: {
        text: 'see https://example.org',
        matchedText: 'https://example.org',
        title: 'Example',
        description: 'd',
      },
    },
    {
      type: 'text',
      content: 'see https://example.org',
      title: 'Example',
      details: { link: { url: 'https://example.org', title: 'Example', description: 'd' } },
    },
  ],
  [
    'plain extended text',
    { extendedTextMessage: { text: 'hi' } },
    { type: 'text', content: 'hi', title: null, details: null },
  ],
  [
    'image',
    { imageMessage: { ...file, caption: 'sunset', width: 640, height: 480 } },
    {
      type: 'image',
      content: 'sunset',
      details: { media: { mime_type: 'image/jpeg', size: 1234, width: 640, height: 480, sha256 } },
    },
  ],
  ['image without caption', { imageMessage: file }, { type: 'image', content: '' }],
  [
    'video',
    { videoMessage: { seconds: 12, caption: 'v' } },
    { type: 'video', content: 'v', details: { media: { seconds: 12 } } },
  ],
  ['gif', { videoMessage: { gifPlayback: true } }, { type: 'gif' }],
  ['round video', { ptvMessage: { seconds: 3 } }, { type: 'video' }],
  ['audio', { audioMessage: { seconds: 60 } }, { type: 'audio' }],
  ['voice note', { audioMessage: { ptt: true, seconds: 4 } }, { type: 'voice', details: { media: { seconds: 4 } } }],
  ['sticker', { stickerMessage: { mimetype: 'image/webp' } }, { type: 'sticker' }],
  [
    'document',
    { documentMessage: { fileName: 'plan.pdf', title: 'plan.pdf', pageCount: 3 } },
    { type: 'document', content: '', filename: 'plan.pdf', title: null, details: { media: { pages: 3 } } },
  ],
  [
    'document with a caption',
    {
      documentWithCaptionMessage: {
        message: { documentMessage: { fileName: 'a.txt', title: 'A', caption: 'read it' } },
      },
    },
    { type: 'document', content: 'read it', filename: 'a.txt', title: 'A' },
  ],
  ...(['pollCreationMessage', 'pollCreationMessageV2', 'pollCreationMessageV3'] as const).map(
    (field): [string, proto.IMessage, object] => [
      field,
      {
        [field]: { name: 'When?', options: [{ optionName: 'Mon' }, { optionName: 'Tue' }], selectableOptionsCount: 1 },
      },
      {
        type: 'poll',
        content: 'When?',
        title: 'Mon, Tue',
        details: { poll: { question: 'When?', options: ['Mon', 'Tue'], selectable: 1 } },
      },
    ],
  ),
  [
    'contact',
    { contactMessage: { displayName: 'Ana Test', vcard } },
    {
      type: 'contact',
      content: '',
      title: 'Ana Test',
      details: { contacts: [{ name: 'Ana Test', phone: '15550100055' }] },
    },
  ],
  [
    'contacts',
    {
      contactsArrayMessage: {
        contacts: [
          { displayName: 'A', vcard: 'TEL:+1 555 0101' },
          { displayName: 'B', vcard: '' },
        ],
      },
    },
    { type: 'contact', title: 'A, B', details: { contacts: [{ name: 'A', phone: '+1 555 0101' }, { name: 'B' }] } },
  ],
  [
    'location',
    { locationMessage: { degreesLatitude: 1.5, degreesLongitude: -2.5, name: 'Pier', address: 'Quay 1' } },
    {
      type: 'location',
      title: 'Pier, Quay 1',
      details: { location: { latitude: 1.5, longitude: -2.5, name: 'Pier', address: 'Quay 1' } },
    },
  ],
  [
    'live location',
    { liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2, caption: 'on my way' } },
    { type: 'location', content: 'on my way', details: { location: { latitude: 1, longitude: 2 } } },
  ],
  [
    'event',
    { eventMessage: { name: 'Picnic', description: 'bring food', startTime: 1_767_400_000 } },
    {
      type: 'event',
      content: 'Picnic',
      title: 'bring food',
      details: { event: { name: 'Picnic', starts_at: 1_767_400_000 } },
    },
  ],
  [
    'group invite',
    { groupInviteMessage: { groupName: 'Chess', caption: 'join us' } },
    { type: 'invite', content: 'join us', title: 'Chess' },
  ],
  [
    'product',
    { productMessage: { product: { title: 'Lamp', description: 'bright' } } },
    { type: 'product', content: 'bright', title: 'Lamp' },
  ],
  [
    'order',
    { orderMessage: { message: '2 items', orderTitle: 'Shop' } },
    { type: 'order', content: '2 items', title: 'Shop' },
  ],
  [
    'product that can be asked for',
    {
      productMessage: { businessOwnerJid: '15550100009:3@s.whatsapp.net', product: { productId: '71', title: 'Lamp' } },
    },
    { type: 'product', details: { product: { product_id: '71', business_jid: '15550100009@s.whatsapp.net' } } },
  ],
  [
    'order that can be asked for',
    { orderMessage: { orderId: '55', token: 'QVI=', sellerJid: '15550100009@s.whatsapp.net', itemCount: 2 } },
    {
      type: 'order',
      details: {
        order: { order_id: '55', token: 'QVI=', item_count: 2, business_jid: '15550100009@s.whatsapp.net' },
      },
    },
  ],
  ['order without its token', { orderMessage: { orderId: '55', itemCount: 2 } }, { type: 'order', details: null }],
  ['call', { callLogMesssage: { isVideo: true } }, { type: 'call', content: '' }],
  ['planned call', { scheduledCallCreationMessage: { title: 'Standup' } }, { type: 'call', title: 'Standup' }],
  ['button answer', { buttonsResponseMessage: { selectedDisplayText: 'Yes' } }, { type: 'text', content: 'Yes' }],
  ['list answer', { listResponseMessage: { title: 'Option 2' } }, { type: 'text', content: 'Option 2' }],
  [
    'template',
    { templateMessage: { hydratedTemplate: { hydratedContentText: 'Dear guest' } } },
    { type: 'text', content: 'Dear guest' },
  ],
  [
    'interactive',
    { interactiveMessage: { header: { title: 'T' }, body: { text: 'B' } } },
    { type: 'text', content: 'B', title: 'T' },
  ],
  ['buttons', { buttonsMessage: { contentText: 'choose' } }, { type: 'text', content: 'choose' }],
  ['list', { listMessage: { title: 'Menu', description: 'pick' } }, { type: 'text', content: 'pick', title: 'Menu' }],
];
