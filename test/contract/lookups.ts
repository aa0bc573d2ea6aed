import type { BinaryNode } from '@whiskeysockets/baileys';
import {
  aboutOf,
  blockedIn,
  checkedNumbers,
  deviceNumbersOf,
  pictureOf,
  refusalIn,
  usersIn,
} from '../../bridges/baileys/translate/usync.ts';

const node = (tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode => ({
  tag,
  attrs,
  ...(content !== undefined && { content }),
});
const error = (code: string) => node('error', { code, text: 'refused' });
const usync = (...content: BinaryNode[]) => node('iq', {}, [node('usync', {}, content)]);
const about = (...users: BinaryNode[]) => usync(node('list', {}, users));
const user = (jid: string | undefined, ...content: BinaryNode[]) => node('user', jid ? { jid } : {}, content);

/** The numbers that every answer is read for. */
const phones = ['+15550100001', '+15550100002'];
const [pn, lid] = ['15550100001@s.whatsapp.net', '20000000000001@lid'];
const contact = (type: string, written?: string) => node('contact', { type }, written);
const status = (attrs: Record<string, string>, content?: BinaryNode['content']) =>
  about(user(pn, node('status', attrs, content)));
const devices = (...ids: (string | undefined)[]) =>
  about(
    user(
      pn,
      node('devices', {}, [
        node(
          'device-list',
          {},
          ids.map((id) => node('device', id === undefined ? {} : { id, 'key-index': '1' })),
        ),
      ]),
    ),
  );
const picture = (attrs: Record<string, string>) => node('iq', {}, [node('picture', attrs)]);
const blocked = (...items: Record<string, string>[]) =>
  node('iq', {}, [
    node(
      'list',
      { dhash: '1' },
      items.map((attrs) => node('item', attrs)),
    ),
  ]);

/** What WhatsApp answers when it is asked about people. */
export const answers: [string, BinaryNode][] = [
  ['nothing', node('iq')],
  ['no list', usync()],
  ['an empty list', about()],
  [
    'refused as a whole',
    usync(node('result', {}, [node('devices'), node('status', {}, [error('429')])]), node('list')),
  ],
  ['refused without a number', usync(node('result', {}, [node('status', {}, [node('error')])]), node('list', {}, []))],
  ['not refused', usync(node('result', {}, [node('status')]), node('list', {}, []))],
  ['on WhatsApp', about(user(pn, contact('in', '+15550100001'), node('lid', { val: lid }), node('business')))],
  ['not on WhatsApp', about(user(pn, contact('out', '+15550100001'), node('lid')))],
  ['no number', about(user(undefined, contact('invalid', '+15550100002')))],
  ['under other digits', about(user('15550100009@s.whatsapp.net', contact('in', '15550100001@c.us')))],
  ['by address alone', about(user('15550100002:3@s.whatsapp.net', contact('in')), user(pn, contact('in')))],
  ['under a LID', about(node('user', { jid: lid, pn_jid: pn }, [contact('in', '+15550100001')]))],
  ['under nothing but a LID', about(user(lid, contact('in', '+15550100001')))],
  ['without address', about(user(undefined, contact('in', '+15550100001')))],
  ['not said', about(user(pn, node('contact', {}, [error('500')])), user('15550100002@s.whatsapp.net'))],
  [
    'a business',
    about(
      user(pn, contact('in', '+15550100001'), node('business', {}, [node('verified_name', { v: '1' }, 'x')])),
      user('15550100002@s.whatsapp.net', contact('in'), node('business', {}, [error('404')])),
    ),
  ],
  ['an about text', status({ t: '1760000000' }, '  At the harbour 🌊 ')],
  ['an about text without time', status({ t: '0' }, 'Здесь')],
  ['an about text from nowhen', status({ t: 'long ago' }, 'Here')],
  ['a long about text', status({ t: '99999999999' }, `${'🌊'.repeat(249)}abcd`)],
  ['an about text with a character at the limit', status({ t: '1760000000' }, `${'🌊'.repeat(249)}a🌊`)],
  ['a blank about text', status({ t: '1760000000' }, '   ')],
  ['a hidden about text', status({ code: '401' })],
  ['a forbidden about text', status({}, [error('403')])],
  ['no about text', status({ code: '404' }, 'left over')],
  ['too many about texts', status({}, [error('429')])],
  ['no status', about(user(pn))],
  ['devices', devices('0', '4', '17')],
  ['devices with odd numbers', devices('0', undefined, 'four', '-1', '123456', '')],
  ['no device', devices()],
  ['devices refused', about(user(pn, node('devices', {}, [error('500')])))],
  ['a picture', picture({ id: '1700000001', url: 'https://pps.example/1.jpg', type: 'image' })],
  ['a picture without id', picture({ url: 'https://pps.example/2.jpg' })],
  ['a picture that was removed', picture({ status: '204' })],
  ['nobody blocked', blocked()],
  ['some blocked', blocked({ jid: lid }, { jid: 'x' }, {}, { jid: '20000000000002@lid', pn_jid: pn }, { jid: pn })],
];

/** In each line an answer, and all that Node reads from it; null where it reads nothing. */
export function lookups(): string[] {
  return answers.map(([name, answer]) => {
    const users = usersIn(answer);
    return JSON.stringify({
      name,
      phones,
      answer,
      is_told: users !== undefined,
      refusal: refusalIn(answer) ?? 0,
      numbers: checkedNumbers(users ?? [], phones),
      about: aboutOf(users ?? []) ?? null,
      devices: deviceNumbersOf(users ?? []) ?? null,
      picture: pictureOf(answer),
      blocked: blockedIn(answer) ?? null,
    });
  });
}
