import { expect, test } from 'vitest';
import '../../../src/stdout.ts';
import { cast } from '../../support/storm/interleave.ts';
import { BothBridges, type Order } from '../../support/wire/both-bridges.ts';
import { SimWriter, type WriterOrder } from '../../support/wire/sim-writer.ts';
import type { WireEvent } from '../../support/wire/story.ts';
import { describeWaBridge } from '../../support/wire/wa-bridge.ts';

const { me, pairs, groups } = cast;
const [ada, ben, cleo] = pairs as [(typeof pairs)[0], (typeof pairs)[0], (typeof pairs)[0]];
const [group] = groups as [string];

/** Actions of a person on another linked device, with their own ids. */
function written(by: SimWriter, ids: string): WireEvent[] {
  const id = (name: string) => `${ids}-${name}`;
  const orders: WriterOrder[] = [
    { do: 'text', chat: ada.pn, id: id('NUMBER'), text: 'to a number' },
    { do: 'text', chat: ben.lid, id: id('HIDDEN'), text: 'to a hidden identity' },
    // The only event that connects her two addresses.
    { do: 'text', chat: cleo.pn, id: id('STRANGER'), text: 'to a stranger' },
    { do: 'text', chat: group, id: id('GROUP'), text: 'to a group' },
    { do: 'text', chat: me.jid, id: id('SELF'), text: 'to myself' },
    { do: 'text', chat: group, id: id('GROUP-2'), text: 'to a group, with its key again' },
    { do: 'poll', chat: group, id: id('POLL'), text: 'Where?', options: ['here', 'there'] },
    { do: 'vote', chat: group, target: id('POLL'), options: ['there'] },
    { do: 'edit', chat: ada.pn, target: id('NUMBER'), text: 'corrected' },
    { do: 'react', chat: group, target: id('GROUP'), text: '👍' },
    { do: 'revoke', chat: ben.lid, target: id('HIDDEN') },
  ];
  return orders.map((one) => () => by.order(one));
}

const tableOf = (both: BothBridges, name: string) => both.tables()[name] as Record<string, unknown>[];

const sortedRowsOf = (both: BothBridges, ids: string) => both.rowsOf(ids).sort((a, b) => a.id.localeCompare(b.id));

/** The messages that the phone and the contacts decrypted, in order: `id reader text`. */
function everybodyReads(ids: string): string[] {
  const said: [string, string, string[]][] = [
    ['NUMBER', 'to a number', [me.lid, ada.lid]],
    ['HIDDEN', 'to a hidden identity', [me.lid, ben.lid]],
    ['STRANGER', 'to a stranger', [me.lid, cleo.lid]],
    ['GROUP', 'to a group', [me.lid, ada.lid, ben.lid]],
    // In the chat with oneself the library lists the phone twice.
    ['SELF', 'to myself', [me.lid, me.lid]],
    ['GROUP-2', 'to a group, with its key again', [me.lid, ada.lid, ben.lid]],
  ];
  return said.flatMap(([id, text, readers]) => readers.map((reader) => `${ids}-${id} ${reader} ${text}`)).sort();
}

/** Both bridges on one messages.db, and a third device that writes through whatsmeow. */
async function bed() {
  const both = await BothBridges.open();
  both.simulator.changeGroup(group, me.lid, { kind: 'add', members: [ada.lid, ben.lid] });
  const writer = await SimWriter.link(both.simulator);
  return { both, simulator: both.simulator, writer };
}

describeWaBridge('What a linked device writes by whatsmeow', () => {
  test('is one own message in messages.db whichever bridge saw it first, and read by everybody it is for', async () => {
    const { both, simulator, writer } = await bed();
    const read: string[] = [];
    simulator.on('received', ({ by, id, message }) => {
      if (message.conversation) read.push(`${id} ${by} ${message.conversation}`);
    });
    for (const order of ['baileys', 'whatsmeow'] satisfies Order[]) await both.play(written(writer, order), order);
    const rows = sortedRowsOf(both, 'baileys');
    expect(sortedRowsOf(both, 'whatsmeow')).toEqual(rows);
    const own = { from_me: 1, sender: me.jid };
    expect(rows).toMatchObject([
      { id: 'GROUP', chat: group, content: 'to a group', ...own },
      { id: 'GROUP-2', chat: group, ...own },
      { id: 'HIDDEN', chat: ben.pn, type: 'revoked', content: '', revoked_at: true, ...own },
      { id: 'NUMBER', chat: ada.pn, content: 'corrected', edited_at: true, ...own },
      { id: 'POLL', chat: group, type: 'poll', content: 'Where?', ...own },
      { id: 'SELF', chat: me.jid, content: 'to myself', ...own },
      { id: 'STRANGER', chat: cleo.pn, content: 'to a stranger', ...own },
    ]);
    for (const ids of ['baileys', 'whatsmeow']) {
      const changes = tableOf(both, 'changes').filter(({ message_id }) => String(message_id).startsWith(ids));
      expect(changes.map(({ message_id, kind, actor, value }) => [message_id, kind, actor, value]).sort()).toEqual([
        [`${ids}-GROUP`, 'reaction', me.jid, '👍'],
        [`${ids}-HIDDEN`, 'revoke', me.jid, ''],
        [`${ids}-NUMBER`, 'edit', me.jid, 'corrected'],
        [`${ids}-POLL`, 'vote', me.jid, '["there"]'],
      ]);
      expect(read.filter((line) => line.startsWith(`${ids}-`)).sort()).toEqual(everybodyReads(ids));
    }
    expect(simulator.counters().undecryptable).toBe(0);
    await answered(both, writer);
    await sentAgain(both, writer);
    await both.close();
  }, 300_000);
});

/** The contact reads and answers; the writing device reads the answer; the phone writes too. */
async function answered(both: BothBridges, writer: SimWriter): Promise<void> {
  const heard = (event: string, id: string) =>
    writer.next((line) => line.event === event && (line['id'] === id || (line['ids'] as string[])?.includes(id)));
  const adasChat = () => tableOf(both, 'chats').find(({ jid }) => jid === ada.pn);
  await both.play([
    async (simulator) => simulator.receipt({ from: ada.lid, ids: ['whatsmeow-NUMBER'], type: 'read' }),
    (simulator) => simulator.sendText('an answer', { from: ada.lid, addressing: 'lid', id: 'ANSWER' }),
    (simulator) => simulator.sendText('from the phone', { from: me.jid, chat: ada.lid, id: 'PHONE' }),
  ]);
  expect(await heard('receipt', 'whatsmeow-NUMBER')).toMatchObject({ kind: 'read' });
  expect(await heard('message', 'ANSWER')).toMatchObject({ text: 'an answer' });
  expect(await heard('message', 'PHONE')).toMatchObject({ text: 'from the phone' });
  const rows = tableOf(both, 'messages').filter(({ id }) =>
    ['ANSWER', 'PHONE', 'whatsmeow-NUMBER'].includes(String(id)),
  );
  expect(rows).toHaveLength(3);
  expect(rows).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'ANSWER', chat: ada.pn, sender: ada.pn, from_me: 0 }),
      expect.objectContaining({ id: 'PHONE', chat: ada.pn, sender: me.jid, from_me: 1 }),
      expect.objectContaining({ id: 'whatsmeow-NUMBER', status: 'read' }),
    ]),
  );
  await both.play([() => writer.order({ do: 'read', chat: ada.lid, author: ada.lid, target: 'ANSWER' })]);
  const answer = tableOf(both, 'messages').find(({ id }) => id === 'ANSWER');
  expect(adasChat()).toMatchObject({ read_upto: answer?.['timestamp'] });
}

/** No device can read it at first, and each requests it from the writer again. */
async function sentAgain(both: BothBridges, writer: SimWriter): Promise<void> {
  const order = { do: 'text', id: 'AGAIN', text: 'at the second try' } as const;
  const sendings: string[] = [];
  both.simulator.on('sent', ({ id }) => {
    if (id === order.id) sendings.push(id);
  });
  both.simulator.fail.damage(2);
  await both.play([() => writer.order({ ...order, chat: ada.pn })]);
  expect(sendings).toEqual(['AGAIN', 'AGAIN', 'AGAIN']);
  expect(tableOf(both, 'messages').filter(({ id }) => id === 'AGAIN')).toMatchObject([
    { chat: ada.pn, content: 'at the second try', from_me: 1 },
  ]);
}
