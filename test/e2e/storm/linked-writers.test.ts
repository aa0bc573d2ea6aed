import { expect, test } from 'vitest';
import '../../../src/stdout.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import { type Client, connect, isOpen, memoryStore } from '../../simulator/client.ts';
import { atEnd } from '../../support/at-end.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { cast } from '../../support/storm/interleave.ts';
import { BothBridges, type Order } from '../../support/wire/both-bridges.ts';
import type { WireEvent } from '../../support/wire/story.ts';
import { describeWaBridge, startWaBridge } from '../../support/wire/wa-bridge.ts';
import { emptyPlan, wireWorld } from '../../support/wire/world.ts';

const { me, pairs, groups } = cast;
const [ada, ben] = pairs as [(typeof pairs)[0], (typeof pairs)[0]];
const [group] = groups as [string];

/** Messages of a person on another linked device, with their own ids. */
function written(by: Client, ids: string): WireEvent[] {
  const send = (to: string, id: string, content: Parameters<Client['socket']['sendMessage']>[1]): WireEvent => {
    return () => by.socket.sendMessage(to, content, { messageId: `${ids}-${id}` });
  };
  const key = (remoteJid: string, id: string) => ({ remoteJid, fromMe: true, id: `${ids}-${id}` });
  return [
    send(ada.pn, 'NUMBER', { text: 'to a number' }),
    send(ben.lid, 'HIDDEN', { text: 'to a hidden identity' }),
    send(group, 'GROUP', { text: 'to a group' }),
    send(group, 'GROUP-2', { text: 'to a group, with the key it has' }),
    send(ada.pn, 'EDIT', { text: 'corrected', edit: key(ada.pn, 'NUMBER') }),
    send(group, 'LIKE', { react: { text: '👍', key: key(group, 'GROUP') } }),
    send(ben.lid, 'REVOKE', { delete: key(ben.lid, 'HIDDEN') }),
  ];
}

describeWaBridge('What another linked device of the account writes', () => {
  test('is one own message in messages.db, the same whichever bridge saw it first', async () => {
    const both = await BothBridges.open();
    const writer = connect(both.simulator, memoryStore(both.simulator.credentials()));
    atEnd(() => writer.close());
    await writer.until(isOpen);
    await both.simulator.idle();
    for (const order of ['baileys', 'whatsmeow'] satisfies Order[]) await both.play(written(writer, order), order);
    const rows = both.rowsOf('baileys');
    expect(both.rowsOf('whatsmeow')).toEqual(rows);
    expect(rows).toMatchObject([
      { id: 'GROUP', chat: group, content: 'to a group', from_me: 1, sender: me.jid },
      { id: 'GROUP-2', chat: group, from_me: 1 },
      { id: 'NUMBER', chat: ada.pn, content: 'corrected', from_me: 1, edited_at: true, status: 'server' },
      { id: 'HIDDEN', chat: ben.lid, type: 'revoked', content: '', from_me: 1, revoked_at: true },
    ]);
    const reactions = both.tables()['changes'] as Record<string, unknown>[];
    expect(reactions.filter(({ kind }) => kind === 'reaction')).toMatchObject([
      { message_id: 'baileys-GROUP', actor: me.jid, value: '👍' },
      { message_id: 'whatsmeow-GROUP', actor: me.jid, value: '👍' },
    ]);
    expect(both.simulator.counters().undecryptable).toBe(0);
    await both.close();
  }, 300_000);
});

describeWaBridge('A code that is typed into the phone', () => {
  test('links wa-bridge, on the phone of that number alone', async () => {
    const simulator = await startSimulator({ world: wireWorld(), plan: emptyPlan, fewKeys: true, strict: true });
    atEnd(() => simulator.stop());
    const bridge = await startWaBridge({ dataDir: temporaryDir(), simulatorUrl: simulator.url });
    const phone = `+${me.jid.split('@')[0]}`;
    const { code } = await bridge.call('connection.pair', { method: 'code', phone });
    const type = (body: object) =>
      fetch(simulator.document.scan_url, { method: 'POST', body: JSON.stringify(body) }).then(({ status }) => status);
    expect(await type({ code, phone: '+15550109999' })).toBe(404);
    const active = simulator.next('active');
    expect(await type({ code, phone })).toBe(200);
    await active;
    await simulator.idle();
    expect(simulator.devices()).toHaveLength(1);
    expect(await bridge.status()).toMatchObject({ linked: true, jid: me.jid, lid: me.lid });
    await bridge.stop();
  });
});
