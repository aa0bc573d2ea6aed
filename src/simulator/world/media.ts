import type { proto } from '@whiskeysockets/baileys';
import type { MediaKind } from './message-kind.ts';
import type { Random } from './random.ts';
import { fileName, sentence } from './words/text.ts';
import type { Language } from './words/vocabulary.ts';

const shapes = [
  [1600, 1200],
  [1200, 1600],
  [1080, 1080],
  [1280, 576],
] as const;
const documentTypes: Record<string, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  mp3: 'audio/mpeg',
};

/** The fields that every file on WhatsApp's servers has. Sizes in bytes, times in seconds. */
function file(random: Random, time: number, medianBytes: number) {
  const path = random.word().toString(36) + random.word().toString(36);
  return {
    mediaKey: random.bytes(32),
    fileSha256: random.bytes(32),
    fileEncSha256: random.bytes(32),
    fileLength: Math.ceil(random.logNormal(medianBytes, 0.7)),
    directPath: `/v/t62.7118-24/${path}.enc?ccb=11-4&oh=01_${path}&_nc_sid=5e03e0`,
    mediaKeyTimestamp: time,
  };
}

function captioned(language: Language, random: Random, share: number): { caption?: string } {
  return random.chance(share) ? { caption: sentence(language, random) } : {};
}

function size(random: Random): { width: number; height: number } {
  const [width, height] = random.pick(shapes);
  return { width, height };
}

function image(language: Language, random: Random, time: number): proto.IMessage {
  const message = { ...file(random, time, 180_000), mimetype: 'image/jpeg', ...size(random) };
  if (random.chance(0.03)) return { viewOnceMessageV2: { message: { imageMessage: { ...message, viewOnce: true } } } };
  return { imageMessage: { ...message, ...captioned(language, random, 0.35) } };
}

function video(language: Language, random: Random, time: number): proto.IMessage {
  const seconds = Math.ceil(random.logNormal(24, 0.8));
  const message = { ...file(random, time, 4_000_000), mimetype: 'video/mp4', seconds, ...size(random) };
  if (random.chance(0.1)) return { ptvMessage: message };
  return { videoMessage: { ...message, ...captioned(language, random, 0.3) } };
}

function gif(language: Language, random: Random, time: number): proto.IMessage {
  const message = { ...file(random, time, 300_000), mimetype: 'video/mp4', seconds: 3, ...size(random) };
  return { videoMessage: { ...message, gifPlayback: true, ...captioned(language, random, 0.15) } };
}

function voice(random: Random, time: number): proto.IMessage {
  const seconds = Math.ceil(random.logNormal(14, 0.9));
  const mimetype = 'audio/ogg; codecs=opus';
  return { audioMessage: { ...file(random, time, 40_000), mimetype, seconds, ptt: true, waveform: random.bytes(64) } };
}

function audio(random: Random, time: number): proto.IMessage {
  const seconds = Math.ceil(random.logNormal(190, 0.4));
  return { audioMessage: { ...file(random, time, 3_000_000), mimetype: 'audio/mpeg', seconds } };
}

function document(language: Language, random: Random, time: number): proto.IMessage {
  const name = fileName(language, random);
  const documentMessage = {
    ...file(random, time, 250_000),
    mimetype: documentTypes[name.slice(name.lastIndexOf('.') + 1)]!,
    fileName: name,
    title: name.slice(0, name.lastIndexOf('.')),
    pageCount: 1 + random.below(12),
    ...captioned(language, random, 0.3),
  };
  return documentMessage.caption
    ? { documentWithCaptionMessage: { message: { documentMessage } } }
    : { documentMessage };
}

function sticker(random: Random, time: number): proto.IMessage {
  const isAnimated = random.chance(0.3);
  return {
    stickerMessage: { ...file(random, time, 30_000), mimetype: 'image/webp', width: 512, height: 512, isAnimated },
  };
}

/** A file as a message describes it; its bytes do not exist. */
export function mediaBody(kind: MediaKind, language: Language, random: Random, time: number): proto.IMessage {
  switch (kind) {
    case 'image':
      return image(language, random, time);
    case 'video':
      return video(language, random, time);
    case 'gif':
      return gif(language, random, time);
    case 'voice':
      return voice(random, time);
    case 'audio':
      return audio(random, time);
    case 'document':
      return document(language, random, time);
    case 'sticker':
      return sticker(random, time);
  }
}
