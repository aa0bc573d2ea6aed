import type { BinaryNode } from '@whiskeysockets/baileys';
import { profileOf } from '../../bridges/baileys/translate/business.ts';

const node = (tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode => ({
  tag,
  attrs,
  ...(content !== undefined && { content }),
});
const leaf = (tag: string, text: string) => node(tag, {}, text);
const answered = (...content: BinaryNode[]) => node('iq', {}, [node('business_profile', {}, content)]);
const shop = (...content: BinaryNode[]) => answered(node('profile', { jid: '1234567890@s.whatsapp.net' }, content));
const hours = (attrs: Record<string, string>, ...days: Record<string, string>[]) =>
  node(
    'business_hours',
    attrs,
    days.map((day) => node('business_hours_config', day)),
  );

/** What WhatsApp answers when it is asked who a business is. */
const answers: [string, BinaryNode][] = [
  ['no profile', node('iq', {}, [])],
  ['nothing', node('iq')],
  ['an empty answer', answered()],
  ['an error', answered(node('profile', {}, [node('error', { code: '404' })]))],
  ['bare', shop()],
  [
    'whole',
    shop(
      leaf('description', '  Lamps & more, 灯 💡 '),
      leaf('address', '1 Quay'),
      leaf('email', 'a@shop.example'),
      leaf('website', 'https://a.example'),
      leaf('website', 'https://b.example'),
      node('categories', {}, [node('category', { id: '1' }, 'Shop'), leaf('category', 'Lamps')]),
      node('profile_options', {}, [leaf('commerce_experience', 'catalog')]),
      hours(
        { timezone: 'Europe/Berlin' },
        { day_of_week: 'mon', mode: 'specific_hours', open_time: '450', close_time: '1080' },
      ),
    ),
  ],
  [
    'blank',
    shop(
      leaf('description', '   '),
      leaf('website', ''),
      node('categories', {}, []),
      node('profile_options', {}, [leaf('commerce_experience', 'none')]),
    ),
  ],
  [
    'hours',
    shop(
      hours(
        {},
        { day_of_week: 'mon', mode: 'specific_hours', open_time: '0', close_time: '1440' },
        { day_of_week: 'tue', mode: 'open_24h' },
        { mode: 'specific_hours', open_time: 'noon', close_time: '9999' },
        {},
      ),
    ),
  ],
  ['no hours', shop(node('business_hours', { timezone: 'X' }, []))],
  ['long', shop(leaf('description', `${'💡'.repeat(2499)}abcd`), leaf('email', 'x'.repeat(600)))],
];

/** In each line an answer, and the profile that Node reads from it. */
export function profiles(): string[] {
  return answers.map(([name, answer]) => JSON.stringify({ name, answer, profile: profileOf(answer) }));
}
