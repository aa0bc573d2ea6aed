import { expect, test } from 'vitest';
import '../../../src/stdout.ts';
import { editOf, revocationOf } from '../../../src/simulator/traffic/live.ts';
import { filled } from '../../support/rows/shown.ts';
import { cast } from '../../support/storm/interleave.ts';
import { BothBridges, type Order } from '../../support/wire/both-bridges.ts';
import type { WireEvent } from '../../support/wire/story.ts';
import { describeWaBridge } from '../../support/wire/wa-bridge.ts';

const { me, pairs, groups } = cast;
type Pair = { pn: string; lid: string };
const [ada, ben, eve, dan] = pairs as [Pair, Pair, Pair, Pair];
const [chat] = groups as [string];
/** Later than all group events of the simulator, which uses the real clock. */
const begin = Math.floor(Date.now() / 1000) + 600;

function edit(id: string, text: string) {
  const { protocolMessage } = editOf(chat, id, text);
  return { protocolMessage: { ...protocolMessage, timestampMs: (begin + 60) * 1000 } };
}

const says = (from: string, id: string, text: string): WireEvent => {
  const addressing = from.endsWith('@lid') ? 'lid' : 'pn';
  const message = { from, chat, id, message: { conversation: text }, timestamp: begin, addressing } as const;
  return (simulator) => simulator.send({ ...message, alone: true });
};
const does = (from: string, id: string, message: ReturnType<typeof editOf>): WireEvent => {
  return (simulator) =>
    simulator.send({ from, chat, id, message, timestamp: begin + 60, addressing: 'lid', alone: true });
};

/** An admin (Dan), members and the account, in one group. */
const written: WireEvent[] = [
  async (simulator) => simulator.changeGroup(chat, ada.lid, { kind: 'promote', members: [dan.lid] }),
  says(ada.lid, 'ADA', 'the first words of Ada'),
  says(dan.lid, 'DAN', 'the first words of Dan'),
  says(me.jid, 'MINE', 'the first words of mine'),
  says(eve.pn, 'EVE', 'the first words of Eve'),
  says(ada.lid, 'SPAM', 'the spam of Ada'),
];
const forged: WireEvent[] = [
  does(ben.lid, 'B1', edit('ADA', 'forged words')),
  does(ben.lid, 'B2', edit('EVE', 'forged words')),
  does(ben.lid, 'B3', edit('DAN', 'forged words')),
  does(ben.lid, 'B4', revocationOf(chat, 'ADA')),
  does(ben.lid, 'B5', revocationOf(chat, 'DAN')),
  does(ben.lid, 'B6', revocationOf(chat, 'MINE')),
  does(eve.lid, 'E1', edit('EVE', 'the second words of Eve')),
  does(dan.lid, 'D1', revocationOf(chat, 'SPAM')),
  does(ada.lid, 'A1', edit('SPAM', 'edited spam')),
];

describeWaBridge('A member of a group who changes what others wrote', () => {
  test.each<Order>(['baileys', 'whatsmeow'])(
    'changes nothing that any tool shows, %s first',
    async (order) => {
      const both = await BothBridges.open();
      await both.play(written, order);
      await both.play(forged, order);
      const about = async (id: string) => {
        const { message } = await both.call('get_message', { message_id: id, chat_jid: chat });
        return message as Record<string, unknown>;
      };
      const found = async (content: string) => (await both.call('query_synced_messages', { content }))['total'];
      for (const [id, name] of [
        ['ADA', 'Ada'],
        ['DAN', 'Dan'],
        ['MINE', 'mine'],
      ] as const) {
        const content = `the first words of ${name}`;
        const untouched = { type: 'text', content, edited: false, edits: [], revoked_at: null };
        expect(filled(await about(id), untouched)).toMatchObject(untouched);
      }
      expect(await found('"the first words"')).toBeGreaterThanOrEqual(3);
      expect(await found('forged')).toBe(0);
      const gone = { type: 'revoked', content: '', edits: [] };
      expect(filled(await about('SPAM'), gone)).toMatchObject(gone);
      expect(await found('spam')).toBe(0);
      // Her edit counts only after the bridges know that Eve's two addresses are one person.
      await both.play([(simulator) => simulator.tellPairs([eve])], order);
      const texts = ((await about('EVE'))['edits'] as { content: string; original?: boolean }[]).map(
        ({ content, original }) => [content, original],
      );
      expect(texts).toEqual([
        ['the first words of Eve', true],
        ['the second words of Eve', undefined],
      ]);
      expect(await about('EVE')).toMatchObject({ content: 'the second words of Eve', edited: true });
      await both.close();
    },
    60_000,
  );
});
