/** What to tap on the phone, in WhatsApp's own words; terminal and page show the same. */
export const scanSteps = [
  'On your phone, open WhatsApp.',
  'Tap Settings › Linked devices › Link a device.',
  'Scan this code.',
];

export const codeSteps = [
  'On your phone, open WhatsApp.',
  'Tap Settings › Linked devices › Link a device › Link with phone number instead.',
  'Type this code.',
];

export const keepOnline = 'It goes on as long as the phone sends it; keep the phone online.';
