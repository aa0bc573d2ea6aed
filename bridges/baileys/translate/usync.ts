import { isLid, isPn, normalizeJid } from '../../../src/domain/jid.ts';
import type { OperationOutput } from '../../operations/catalog.ts';
import type { BinaryNode } from '../library/library.ts';
import { childOf, childrenOf, textIn } from './stanza.ts';

type CheckedNumber = OperationOutput<'contacts.check'>['numbers'][number];
type About = OperationOutput<'contacts.about'>;
type Picture = OperationOutput<'contacts.picture'>;
type Blocked = OperationOutput<'contacts.blocked'>['blocked'][number];

const maxText = 500;
/** Codes for values that the person hides from this account. */
const hiddenCodes = ['401', '403'];
const unknownCode = '404';

const digitsOf = (text: string): string => text.replace(/@.*$/, '').replace(/\D/g, '');

/** The users in an answer; undefined when it is no answer to this request. */
export function usersIn(answer: BinaryNode): BinaryNode[] | undefined {
  const list = childOf(childOf(answer, 'usync'), 'list');
  return list && childrenOf(list, 'user');
}

/** The code of the first refused part of a request; undefined when none is refused. */
export function refusalIn(answer: BinaryNode): number | undefined {
  const result = childOf(childOf(answer, 'usync'), 'result');
  const parts = Array.isArray(result?.content) ? result.content : [];
  const code = parts.map((part) => childOf(part, 'error')?.attrs['code']).find((found) => found !== undefined);
  return code === undefined ? undefined : Number(code);
}

function addressesOf(user: BinaryNode): { pn: string | undefined; lid: string | undefined } {
  const told = [user.attrs['jid'], user.attrs['pn_jid'], childOf(user, 'lid')?.attrs['val']].map(normalizeJid);
  const known = told.filter((jid) => jid !== undefined);
  return { pn: known.find(isPn), lid: known.find(isLid) };
}

/** The result for one number. */
function checkedNumber(phone: string, users: readonly BinaryNode[]): CheckedNumber {
  const digits = digitsOf(phone);
  const written = (user: BinaryNode) => digitsOf(textIn(childOf(user, 'contact'), maxText) ?? '');
  const user =
    users.find((one) => written(one) === digits) ?? users.find((one) => digitsOf(addressesOf(one).pn ?? '') === digits);
  const type = childOf(user, 'contact')?.attrs['type'];
  if (!user || type === undefined) return { phone };
  if (type !== 'in') return { phone, is_on_whatsapp: false };
  const { pn, lid } = addressesOf(user);
  const business = childOf(user, 'business');
  return {
    phone,
    is_on_whatsapp: true,
    ...((pn ?? lid) !== undefined && { jid: pn ?? lid }),
    ...(lid !== undefined && { lid }),
    ...(business && !childOf(business, 'error') && { is_business: childOf(business, 'verified_name') !== undefined }),
  };
}

/** The results for these numbers, in their order; WhatsApp may return a number with other digits. */
export const checkedNumbers = (users: readonly BinaryNode[], phones: readonly string[]): CheckedNumber[] =>
  phones.map((phone) => checkedNumber(phone, users));

function isoOf(seconds = ''): string | undefined {
  return /^[1-9]\d{0,9}$/.test(seconds)
    ? new Date(Number(seconds) * 1000).toISOString().replace('.000', '')
    : undefined;
}

/** The "about" text of a person; undefined when WhatsApp refuses it without saying that it is hidden. */
export function aboutOf(users: readonly BinaryNode[]): About | undefined {
  const status = childOf(users[0], 'status');
  const code = childOf(status, 'error')?.attrs['code'] ?? status?.attrs['code'];
  if (code !== undefined && hiddenCodes.includes(code)) return { visibility: 'hidden' };
  if (code !== undefined && code !== unknownCode) return undefined;
  const about = textIn(status, maxText);
  if (about === undefined || code !== undefined) return { visibility: 'none' };
  const set_at = isoOf(status?.attrs['t']);
  return { visibility: 'shown', about, ...(set_at !== undefined && { set_at }) };
}

/** The device numbers of a person; undefined when WhatsApp does not send them. */
export function deviceNumbersOf(users: readonly BinaryNode[]): number[] | undefined {
  const list = childOf(childOf(users[0], 'devices'), 'device-list');
  const numbers = childrenOf(list, 'device').map(({ attrs }) => attrs['id'] ?? '');
  return list && numbers.filter((number) => /^\d{1,5}$/.test(number)).map(Number);
}

/** The picture in an answer; 204 and an answer without URL mean that there is none. */
export function pictureOf(answer: BinaryNode): Picture {
  const { id, url } = childOf(answer, 'picture')?.attrs ?? {};
  return url ? { visibility: 'shown', url, ...(id && { id }) } : { visibility: 'none' };
}

/** The blocked people; undefined when the answer has no list. */
export function blockedIn(answer: BinaryNode): Blocked[] | undefined {
  const list = childOf(answer, 'list');
  return (
    list &&
    childrenOf(list, 'item').flatMap((item): Blocked[] => {
      const { pn, lid } = addressesOf(item);
      const jid = pn ?? lid;
      return jid === undefined ? [] : [{ jid, ...(lid !== undefined && { lid }) }];
    })
  );
}
