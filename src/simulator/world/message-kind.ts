import { permute } from './random.ts';

/** The kinds of counted rows, with their share of all rows of their sort (media or not). */
const mediaShares = {
  image: 0.51,
  voice: 0.13,
  video: 0.13,
  sticker: 0.08,
  document: 0.08,
  gif: 0.04,
  audio: 0.03,
} as const;
const textShares = { text: 0.945, revoked: 0.014, poll: 0.011, location: 0.011, contact: 0.011, event: 0.008 } as const;

export type MediaKind = keyof typeof mediaShares;
export type Kind = MediaKind | keyof typeof textShares;
export const mediaKinds = Object.keys(mediaShares) as MediaKind[];

/** A run of counted rows of one chat in which exactly `media` are media. */
export interface Section {
  count: number;
  media: number;
  key: number;
}

function choose<K extends Kind>(shares: Record<K, number>, position: number): K {
  let rest = position;
  for (const kind in shares) {
    rest -= shares[kind];
    if (rest < 0) return kind;
  }
  return Object.keys(shares)[0] as K;
}

/** The kind of the `index`-th counted row of a section: a shuffle spreads the exact quotas over it. */
export function kindAt(section: Section, index: number): Kind {
  const place = permute(index, section.count, section.key);
  const phase = (section.key % 1000) / 1000;
  if (place < section.media) return choose(mediaShares, ((place + 0.5) / section.media + phase) % 1);
  const texts = section.count - section.media;
  return choose(textShares, ((place - section.media + 0.5) / texts + phase) % 1);
}
