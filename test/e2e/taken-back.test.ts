import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import '../../src/stdout.ts';
import { editOf, revocationOf } from '../../src/simulator/traffic/live.ts';
import { cast } from '../support/storm/interleave.ts';
import { BothBridges } from '../support/wire/both-bridges.ts';
import type { WireEvent } from '../support/wire/story.ts';
import { describeWaBridge } from '../support/wire/wa-bridge.ts';

const { me, pairs, groups } = cast;
const [ada, ben] = pairs as [{ pn: string; lid: string }, { pn: string; lid: string }];
const [group] = groups as [string];

const kept = 'zygomorphic kept';
const taken = (name: string) => `zygomorphic ${name} taken`;
let second = 4_000_000_000;
const says = (from: string, id: string, text: string, more: object = {}): WireEvent => {
  const timestamp = second++;
  return (simulator) => simulator.send({ from, id, message: { conversation: text }, timestamp, ...more });
};
const revokes = (from: string, chat: string, target: string, more: object = {}): WireEvent => {
  const timestamp = second++;
  const message = revocationOf(chat, target);
  return (simulator) => simulator.send({ from, id: `R-${target}`, message, timestamp, ...more });
};
const edits = (from: string, chat: string, target: string, text: string): WireEvent => {
  const timestamp = second++;
  const message = editOf(chat, target, text);
  return (simulator) => simulator.send({ from, id: `E-${target}-${timestamp}`, message, timestamp });
};

const said: readonly WireEvent[] = [
  says(ada.pn, 'KEPT', kept),
  says(ada.pn, 'DIRECT', taken('direct')),
  says(ben.lid, 'HIDDEN', taken('hidden'), { addressing: 'lid' }),
  says(ada.lid, 'GROUP', taken('group'), { chat: group }),
  says(me.jid, 'OWN', taken('own'), { chat: ada.pn }),
  says(ada.pn, 'EDITED', taken('first')),
  edits(ada.pn, ada.pn, 'EDITED', taken('edited')),
];
const takenBack: readonly WireEvent[] = [
  revokes(ada.pn, ada.pn, 'DIRECT'),
  revokes(ben.lid, ben.lid, 'HIDDEN', { addressing: 'lid' }),
  revokes(ada.lid, group, 'GROUP', { chat: group }),
  revokes(me.jid, ada.pn, 'OWN', { chat: ada.pn }),
  revokes(ada.pn, ada.pn, 'EDITED'),
  edits(ada.pn, ada.pn, 'EDITED', taken('again')),
  // The revoke comes first.
  revokes(ada.pn, ada.pn, 'LATE'),
  says(ada.pn, 'LATE', taken('late')),
];

/** Every file below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

/** In which files the bytes of a text stand, as they are, in hex or in base64. */
function filesWith(folder: string, text: string): string[] {
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2].map((skip) => bytes.subarray(skip).subarray(0, -6).toString('base64').slice(0, -4));
  const forms = [text, bytes.toString('hex'), ...inBase64];
  return filesIn(folder).flatMap((path) => {
    const content = readFileSync(path);
    return forms.some((form) => content.includes(form)) ? [path.slice(folder.length + 1)] : [];
  });
}

describeWaBridge('What was taken back', () => {
  test('stands in no file of the data directory, nor in a log', async () => {
    const both = await BothBridges.open();
    await both.play(said);
    expect(await both.call('query_synced_messages', { content: 'zygomorphic' })).toMatchObject({ total: 6 });
    await both.play(takenBack);
    expect(await both.call('query_synced_messages', { content: 'zygomorphic' })).toMatchObject({ total: 1 });
    await both.close();
    expect(filesWith(both.dataDir, kept)).toEqual(expect.arrayContaining(['messages.db', 'baileys/auth.db']));
    const leaks = ['direct', 'hidden', 'group', 'own', 'first', 'edited', 'again', 'late'].flatMap((name) =>
      filesWith(both.dataDir, taken(name)).map((file) => `${name}: ${file}`),
    );
    expect(leaks).toEqual([]);
    expect(both.bridge?.stderr()).not.toContain('zygomorphic');
  }, 120_000);
});
