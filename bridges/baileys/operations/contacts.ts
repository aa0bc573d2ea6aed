import { isLid, normalizeJid } from '../../../src/domain/jid.ts';
import type { Handlers, OperationInput, OperationOutput } from '../../operations/catalog.ts';
import type { BinaryNode } from '../library/library.ts';
import { trustToken } from '../receive/trusted-contact-tokens.ts';
import { aboutOf, blockedIn, checkedNumbers, pictureOf } from '../translate/usync.ts';
import { abortable } from './abortable.ts';
import type { OperationContext } from './context.ts';
import { askPeople } from './people.ts';
import { element, emptyAnswer, refusalOf, server } from './query.ts';

/** Codes for a picture that its owner hides from this account, and for no picture. */
const hidden = 401;
const absent = 404;

export function contactsHandlers(context: OperationContext) {
  const queries = new ContactQueries(context);
  return {
    'contacts.check': (input, signal) => abortable(queries.check(input), signal),
    'contacts.picture': (input, signal) => abortable(queries.picture(input), signal),
    'contacts.about': (input, signal) => abortable(queries.about(input), signal),
    'contacts.blocked': (_, signal) => abortable(queries.blocked(), signal),
  } satisfies Partial<Handlers>;
}

/**
 * Requests about people. The library's own functions treat every refusal as an empty answer, so we send the same
 * stanzas and parse the answers ourselves.
 */
class ContactQueries {
  readonly #context: OperationContext;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  async check({ phones }: OperationInput<'contacts.check'>): Promise<OperationOutput<'contacts.check'>> {
    const asked = [element('contact'), element('business', {}, [element('verified_name')]), element('lid')];
    const users = phones.map((phone) => element('user', {}, [element('contact', {}, Buffer.from(phone))]));
    return { numbers: checkedNumbers(await askPeople(this.#context, asked, users, 'phone numbers'), phones) };
  }

  async about({ jid }: OperationInput<'contacts.about'>): Promise<OperationOutput<'contacts.about'>> {
    const users = [element('user', { jid }, await this.#token(jid))];
    const about = aboutOf(await askPeople(this.#context, [element('status')], users, 'about'));
    if (!about) throw emptyAnswer('about');
    return about;
  }

  async picture({ jid, size }: OperationInput<'contacts.picture'>): Promise<OperationOutput<'contacts.picture'>> {
    const wanted = { type: size === 'full' ? 'image' : 'preview', query: 'url' };
    const attrs = { target: jid, to: server, type: 'get', xmlns: 'w:profile:picture' };
    const request = element('iq', attrs, [element('picture', wanted, await this.#token(jid))]);
    try {
      return pictureOf(await this.#context.ask(request, 'picture'));
    } catch (error) {
      if (refusalOf(error) === absent) return { visibility: 'none' };
      if (refusalOf(error) === hidden) return { visibility: 'hidden' };
      throw error;
    }
  }

  async blocked(): Promise<OperationOutput<'contacts.blocked'>> {
    const request = element('iq', { to: server, type: 'get', xmlns: 'blocklist' });
    const listed = blockedIn(await this.#context.ask(request, 'blocked contacts'));
    if (!listed) throw emptyAnswer('blocked contacts');
    const { lidMapping } = (await this.#context.socket()).signalRepository;
    const blocked = listed.map(async (one) => {
      if (!isLid(one.jid)) return one;
      return { ...one, jid: normalizeJid(await lidMapping.getPNForLID(one.jid)) ?? one.jid };
    });
    return { blocked: await Promise.all(blocked) };
  }

  /**
   * The token that proves that a person trusts this account; requests about the account itself or a group need none.
   */
  async #token(jid: string): Promise<BinaryNode[]> {
    return trustToken(await this.#context.socket(), jid, Date.now());
  }
}
