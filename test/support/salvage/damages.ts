import { closeSync, fstatSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';

/** Kinds of damage to a file on disk; each changes the file in place, the same way for the same seed. */
export const damages = {
  'first page zeroed': (path) => overwrite(path, 0, Buffer.alloc(4096)),
  'header of 100 bytes zeroed': (path) => overwrite(path, 0, Buffer.alloc(100)),
  '24 random bytes': (path, random) => {
    const bytes = Buffer.from(Array.from({ length: 24 }, () => Math.floor(random() * 256)));
    overwrite(path, Math.floor(random() * (sizeOf(path) - 24)), bytes);
  },
  '40 times 24 random bytes': (path, random) => {
    for (let n = 0; n < 40; n++) damages['24 random bytes'](path, random);
  },
  '5 % of pages': (path, random) => {
    const pages = sizeOf(path) / 4096;
    for (let page = 1; page < pages; page++) {
      if (random() < 0.05) overwrite(path, page * 4096, noise(random));
    }
  },
  'half, the rest cut off': (path) => truncateSync(path, Math.floor(sizeOf(path) / 2)),
  'half, the rest zeroed': (path) => {
    const size = sizeOf(path);
    const from = Math.floor(size / 8192) * 4096;
    overwrite(path, from, Buffer.alloc(size - from));
  },
} as const satisfies Record<string, (path: string, random: () => number) => void>;

export type DamageName = keyof typeof damages;

export function sizeOf(path: string): number {
  const file = openSync(path, 'r');
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}

/** One page of pseudo-random bytes, cheap to make. */
function noise(random: () => number): Buffer {
  const page = Buffer.alloc(4096);
  for (let at = 0; at < 4096; at += 4) page.writeUInt32BE(Math.floor(random() * 2 ** 32), at);
  return page;
}

export function overwrite(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, bytes, 0, bytes.length, at);
  } finally {
    closeSync(file);
  }
}

/** A copy of a file that may be damaged, without the files beside it. */
export function copyOf(path: string, to: string): string {
  writeFileSync(to, readFileSync(path), { mode: 0o600 });
  return to;
}
