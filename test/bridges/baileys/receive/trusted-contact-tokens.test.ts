import { describe, expect, test } from 'vitest';
import type { Socket } from '../../../../bridges/baileys/library/library.ts';
import { trustToken } from '../../../../bridges/baileys/receive/trusted-contact-tokens.ts';

const now = 1_760_000_000_000;
const day = 86_400;
const [pn, lid] = ['15550100001@s.whatsapp.net', '20000000000001@lid'];
const other = '15550100002@s.whatsapp.net';
const me = { id: '15550100000:4@s.whatsapp.net', lid: '20000000000000:4@lid' };

/** A device with these tokens, by address, and one known pair. */
function device(tokens: Record<string, { token: Uint8Array; timestamp?: string }>) {
  const looked: string[] = [];
  const socket = {
    authState: {
      creds: { me },
      keys: { get: async (_type: string, ids: string[]) => Object.fromEntries(ids.map((id) => [id, tokens[id]])) },
    },
    signalRepository: {
      lidMapping: {
        getLIDForPN: async (jid: string) => {
          looked.push(jid);
          return jid === pn ? lid : null;
        },
      },
    },
  } as unknown as Socket;
  return { looked, ask: (jid: string) => trustToken(socket, jid, now) };
}

const token = Buffer.from('trust');
const stored = (days: number) => ({ token, timestamp: String(now / 1000 - days * day) });

describe('the token of a person', () => {
  test.each([pn, lid])('is found by %s', async (jid) => {
    const { ask } = device({ [lid]: stored(1) });
    const [found] = await ask(jid);
    expect(found).toEqual({ tag: 'tctoken', attrs: { t: String(now / 1000 - day) }, content: token });
  });

  test('is found by the number of a person without a LID', async () => {
    expect(await device({ [other]: stored(1) }).ask(other)).toHaveLength(1);
  });

  test.each([
    ['there is none', {}],
    ['it is older than WhatsApp takes it', { [lid]: stored(21) }],
    ['nobody knows how old it is', { [lid]: { token } }],
    ['only its time is left', { [lid]: { ...stored(1), token: Buffer.alloc(0) } }],
  ])('is not sent when %s', async (_why, tokens) => {
    expect(await device(tokens).ask(pn)).toEqual([]);
  });

  test.each(['15550100000@s.whatsapp.net', '20000000000000@lid', '120363000000000001@g.us'])(
    'is not even looked for by %s, the account itself or a group',
    async (jid) => {
      const { ask, looked } = device({ [jid]: stored(1) });
      expect(await ask(jid)).toEqual([]);
      expect(looked).toEqual([]);
    },
  );
});
