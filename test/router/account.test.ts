import { describe, expect, it } from 'vitest';
import { assertSameAccount, sameAccount } from '../../src/router/account.ts';

const linked = (jid: string | null, lid: string | null = null) => ({ linked: true, jid, lid });
const ann = linked('15550100001@s.whatsapp.net', '101@lid');
const bob = linked('15550100002@s.whatsapp.net', '102@lid');

describe('two linked devices', () => {
  it.each([
    ['one number', ann, linked('15550100001:7@s.whatsapp.net'), true],
    ['two numbers', ann, bob, false],
    ['two numbers although one hidden identity is unknown', ann, linked('15550100002@s.whatsapp.net'), false],
    ['one hidden identity, a number unknown', ann, linked(null, '101:3@lid'), true],
    ['two hidden identities, a number unknown', linked(null, '102@lid'), ann, false],
    ['nothing in common that is known', ann, linked(null), null],
    ['only one linked', ann, { ...bob, linked: false }, null],
  ] as const)('with %s', (_what, first, second, same) => {
    expect(sameAccount([first, second])).toBe(same);
  });

  it('are refused only when both accounts are known and differ, and the error shows no number', () => {
    expect(() => assertSameAccount([ann, ann])).not.toThrow();
    expect(() => assertSameAccount([ann, linked(null)])).not.toThrow();
    expect(() => assertSameAccount([ann])).not.toThrow();
    expect(() => assertSameAccount([ann, bob])).toThrow(expect.objectContaining({ code: 'account_mismatch' }));
    expect(() => assertSameAccount([ann, bob])).toThrow(/^[^\d]*logout_device[^\d]*$/);
  });
});
