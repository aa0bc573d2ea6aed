import type { BinaryNode } from '@whiskeysockets/baileys';

/**
 * Stanzas that a device has not confirmed, oldest first. A stanza stays until its receipt or ack arrives and is
 * delivered again, with the same ciphertext, after a reconnect.
 */
export class DeliveryQueue {
  private readonly stanzas = new Map<string, BinaryNode>();
  private readonly waiters: { below: number; resolve: () => void }[] = [];

  get size(): number {
    return this.stanzas.size;
  }

  /** A stanza replaces an earlier one with the same sender and id. */
  add(stanza: BinaryNode): void {
    this.stanzas.set(key(stanza.tag, stanza.attrs['id'], stanza.attrs['from']), stanza);
  }

  /** Returns whether such a stanza was waiting. `from` selects one of several with this id. */
  confirm(tag: string, id: string | undefined, from?: string): boolean {
    const exact = key(tag, id, from);
    const found = this.stanzas.has(exact) ? exact : this.keys().find((known) => known.startsWith(key(tag, id, '')));
    const known = found !== undefined && this.stanzas.delete(found);
    for (const waiter of this.waiters.filter(({ below }) => this.size < below)) {
      this.waiters.splice(this.waiters.indexOf(waiter), 1);
      waiter.resolve();
    }
    return known;
  }

  private keys(): string[] {
    return [...this.stanzas.keys()];
  }

  unconfirmed(): readonly BinaryNode[] {
    return [...this.stanzas.values()];
  }

  /** Resolves once fewer than this many stanzas wait. */
  async untilBelow(below: number): Promise<void> {
    if (this.size >= below) await new Promise<void>((resolve) => this.waiters.push({ below, resolve }));
  }
}

function key(tag: string, id: string | undefined, from: string | undefined): string {
  return `${tag} ${id ?? ''} ${from ?? ''}`;
}
