import type { BinaryNode } from '@whiskeysockets/baileys';

/**
 * What a device has not confirmed yet, oldest first. A stanza stays until its receipt or ack arrives and is delivered
 * again, with the same ciphertext, after a reconnect.
 */
export class DeliveryQueue {
  private readonly stanzas = new Map<string, BinaryNode>();
  private readonly waiters: { below: number; resolve: () => void }[] = [];

  get size(): number {
    return this.stanzas.size;
  }

  /** A stanza sent again under the same id takes the place of the first. */
  add(stanza: BinaryNode): void {
    this.stanzas.set(key(stanza.tag, stanza.attrs['id']), stanza);
  }

  /** Returns whether such a stanza was waiting. */
  confirm(tag: string, id: string | undefined): boolean {
    const known = this.stanzas.delete(key(tag, id));
    for (const waiter of this.waiters.filter(({ below }) => this.size < below)) {
      this.waiters.splice(this.waiters.indexOf(waiter), 1);
      waiter.resolve();
    }
    return known;
  }

  unconfirmed(): readonly BinaryNode[] {
    return [...this.stanzas.values()];
  }

  /** Resolves once fewer than this many stanzas wait. */
  async untilBelow(below: number): Promise<void> {
    if (this.size >= below) await new Promise<void>((resolve) => this.waiters.push({ below, resolve }));
  }
}

function key(tag: string, id: string | undefined): string {
  return `${tag} ${id ?? ''}`;
}
