import { AppError } from '../../../src/domain/errors.ts';
import { isLid, normalizeJid } from '../../../src/domain/jid.ts';
import type { OperationInput, OperationOutput } from '../../operations/catalog.ts';
import type { BinaryNode, Socket } from '../library/library.ts';
import { trustToken } from '../receive/trusted-contact-tokens.ts';
import {
  aboutOf,
  blockedIn,
  checkedNumbers,
  deviceNumbersOf,
  pictureOf,
  refusalIn,
  usersIn,
} from '../translate/usync.ts';
import { ask, refusalOf } from './query.ts';

const server = '@s.whatsapp.net';
const tooManyRequests = 429;
/** Codes for a picture that its owner hides from this account, and for no picture. */
const hidden = 401;
const absent = 404;

const element = (tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode => ({
  tag,
  attrs,
  ...(content?.length && { content }),
});

/**
 * Requests about people. The library's own functions treat every refusal as an empty answer, so we send the same
 * stanzas and parse the answers ourselves.
 */
export class ContactQueries {
  readonly #socket: () => Promise<Socket>;
  readonly #timeoutMs: number;

  constructor(socket: () => Promise<Socket>, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
  }

  async check({ phones }: OperationInput<'contacts.check'>): Promise<OperationOutput<'contacts.check'>> {
    const asked = [element('contact'), element('business', {}, [element('verified_name')]), element('lid')];
    const users = phones.map((phone) => element('user', {}, [element('contact', {}, Buffer.from(phone))]));
    return { numbers: checkedNumbers(await this.#people(asked, users, 'phone numbers'), phones) };
  }

  async about({ jid }: OperationInput<'contacts.about'>): Promise<OperationOutput<'contacts.about'>> {
    const token = await this.#token(jid);
    const about = aboutOf(await this.#people([element('status')], [element('user', { jid }, token)], 'about'));
    return about ?? this.#refuse('about');
  }

  async picture({ jid, size }: OperationInput<'contacts.picture'>): Promise<OperationOutput<'contacts.picture'>> {
    const wanted = { type: size === 'full' ? 'image' : 'preview', query: 'url' };
    const attrs = { target: jid, to: server, type: 'get', xmlns: 'w:profile:picture' };
    const request = element('iq', attrs, [element('picture', wanted, await this.#token(jid))]);
    try {
      return pictureOf(await this.#ask(request, 'picture'));
    } catch (error) {
      if (refusalOf(error) === absent) return { visibility: 'none' };
      if (refusalOf(error) === hidden) return { visibility: 'hidden' };
      throw error;
    }
  }

  async blocked(): Promise<OperationOutput<'contacts.blocked'>> {
    const answer = await this.#ask(element('iq', { to: server, type: 'get', xmlns: 'blocklist' }), 'blocked contacts');
    const { lidMapping } = (await this.#socket()).signalRepository;
    const blocked = (blockedIn(answer) ?? this.#refuse('blocked contacts')).map(async (one) => {
      if (!isLid(one.jid)) return one;
      return { ...one, jid: normalizeJid(await lidMapping.getPNForLID(one.jid)) ?? one.jid };
    });
    return { blocked: await Promise.all(blocked) };
  }

  async devices(): Promise<OperationOutput<'connection.devices'>> {
    const { me, platform } = (await this.#socket()).authState.creds;
    const own = normalizeJid(me?.id) ?? '';
    const here = Number(/:(\d+)@/.exec(me?.id ?? '')?.[1] ?? 0);
    const asked = [element('devices', { version: '2' })];
    const users = await this.#people(asked, [element('user', { jid: own })], 'linked devices');
    const numbers = deviceNumbersOf(users) ?? this.#refuse('linked devices');
    return {
      devices: numbers.map((device) => ({
        jid: device === 0 ? own : own.replace('@', `:${device}@`),
        device,
        ...(device === 0 && platform && { platform }),
        ...(device === here && { this_bridge: true as const }),
      })),
    };
  }

  /**
   * The token that proves that a person trusts this account; requests about the account itself or a group need none.
   */
  async #token(jid: string): Promise<BinaryNode[]> {
    return trustToken(await this.#socket(), jid, Date.now());
  }

  async #people(protocols: BinaryNode[], users: BinaryNode[], what: string): Promise<BinaryNode[]> {
    const sid = (await this.#socket()).generateMessageTag();
    const head = { sid, mode: 'query', last: 'true', index: '0', context: 'interactive' };
    const content = [element('query', {}, protocols), element('list', {}, users)];
    const attrs = { to: server, type: 'get', xmlns: 'usync' };
    const answer = await this.#ask(element('iq', attrs, [element('usync', head, content)]), what);
    const code = refusalIn(answer);
    if (code === tooManyRequests)
      throw new AppError('rate_limited', `WhatsApp answers no more questions for ${what} for now.`);
    return (code === undefined ? usersIn(answer) : undefined) ?? this.#refuse(what);
  }

  #refuse(what: string): never {
    throw new AppError('upstream_rejected', `WhatsApp did not tell the ${what} when it was asked.`);
  }

  async #ask(request: BinaryNode, what: string): Promise<BinaryNode> {
    return ask(await this.#socket(), request, what, this.#timeoutMs);
  }
}
