import { jidDecode, jidEncode, type KeyPair } from '@whiskeysockets/baileys';
import { type KeyBundle, SignalDevice } from '../signal/signal.ts';
import { derivedBytes, derivedKeyPair } from '../wire/keys.ts';
import type { Person, World } from '../world/world.ts';
import { LinkedDevice, type Registration } from './device.ts';

/** A party with a device of its own: a contact, or the phone itself. */
export interface Party {
  pn: string | undefined;
  lid: string | undefined;
  name: string;
  signal: SignalDevice;
}

/** The simulated account: its phone, its linked devices, and the people that it can meet. */
export class Account {
  readonly me: World['me'];
  readonly phone: Party & { pn: string; lid: string };
  readonly appStateKey: { keyId: Buffer; keyData: Buffer };
  /** Addresses that the account has blocked, in WhatsApp's order. */
  readonly blocked: Set<string>;
  readonly devices = new Map<number, LinkedDevice>();
  private readonly people = new Map<string, Person>();
  private readonly parties = new Map<Person, Party>();
  private nextNumber = 1;

  constructor(world: World, seed: number) {
    this.me = world.me;
    this.blocked = new Set(world.blocked);
    this.appStateKey = { keyId: derivedBytes(seed, 'key id').subarray(0, 6), keyData: derivedBytes(seed, 'key data') };
    const signal = new SignalDevice(derivedKeyPair(seed, 'phone'));
    this.phone = { pn: world.me.pn, lid: world.me.lid, name: world.me.name, signal };
    for (const person of world.people) {
      for (const jid of [person.pn, person.lid]) if (jid) this.people.set(userOf(jid), person);
    }
  }

  get phoneIdentity(): KeyPair {
    return this.phone.signal.identity;
  }

  /** Links a companion under an unused device number. */
  register(registration: Registration): LinkedDevice {
    const number = this.nextNumber++;
    const addresses = { jid: withDevice(this.me.pn, number), lid: withDevice(this.me.lid, number) };
    const device = new LinkedDevice(number, addresses, registration);
    this.devices.set(number, device);
    return device;
  }

  unlink(device: LinkedDevice): void {
    this.devices.delete(device.number);
  }

  isMe(jid: string): boolean {
    return [this.me.pn, this.me.lid].some((own) => userOf(own) === userOf(jid));
  }

  /** The linked device with this address; undefined for the phone and all other parties. */
  companion(jid: string): LinkedDevice | undefined {
    return this.isMe(jid) ? this.devices.get(jidDecode(jid)?.device ?? 0) : undefined;
  }

  /** The person with this address, PN or LID; undefined for strangers. */
  person(jid: string): Person | undefined {
    return this.people.get(userOf(jid));
  }

  /** The party that writes from this address. Throws for addresses outside the world. */
  party(jid: string): Party {
    if (this.isMe(jid)) return this.phone;
    const person = this.person(jid);
    if (!person) throw new Error('nobody in this world has that address');
    const known = this.parties.get(person);
    if (known) return known;
    const party = { pn: person.pn, lid: person.lid, name: person.pushName, signal: new SignalDevice() };
    this.parties.set(person, party);
    return party;
  }

  /** A key bundle for a device address; undefined when there is no such device. */
  takeBundle(jid: string): KeyBundle | undefined {
    const number = jidDecode(jid)?.device ?? 0;
    if (this.isMe(jid)) return number === 0 ? this.phone.signal.bundle() : this.devices.get(number)?.takeBundle();
    return number === 0 && this.person(jid) ? this.party(jid).signal.bundle() : undefined;
  }
}

export function userOf(jid: string): string {
  return jidDecode(jid)?.user ?? jid;
}

/** `user@server` → `user:number@server`. */
export function withDevice(jid: string, number: number): string {
  const decoded = jidDecode(jid);
  if (!decoded) throw new Error('not a JID');
  return jidEncode(decoded.user, decoded.server, number);
}
