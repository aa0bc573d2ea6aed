import { expect, test } from 'vitest';
import { dataPaths } from '../../src/config.ts';
import { openStaging } from '../../src/store/staging/staging.ts';
import { createIngest } from '../../src/sync/ingest.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { ada, change, group, message, openBed } from './fixtures.ts';

test('Every login copies the live rows that an earlier process staged and did not copy', () => {
  const staging = openStaging(dataPaths(temporaryDir()).staging);
  let copies = 0;
  const sink = createIngest(staging, { quietMs: 100, onLive: () => copies++ });
  sink.onLinked({ jid: '15550100000@s.whatsapp.net', lid: null });
  expect(copies).toBe(1);
  expect(() => sink.onLinked({ jid: '15550100009@s.whatsapp.net', lid: null })).toThrow('another WhatsApp account');
  expect(copies).toBe(1);
  staging.close();
});

test('Every text is valid UTF-8 in the files, whatever half characters arrive', async () => {
  const bed = openBed();
  const broken = 'a\ud83d';
  bed.stage([
    message({
      content: broken,
      title: broken,
      filename: broken,
      details: { quoted: { id: 'Q', sender: null, type: 'text', text: broken } } as never,
    }),
  ]);
  bed.sink.ingest({
    lane: 'history',
    contacts: [{ jid: ada.pn, savedName: broken, pushName: broken, businessName: broken }],
    chats: [{ jid: group, name: broken, description: broken } as never],
    changes: [change({ value: `${broken} edited` })],
  });
  await bed.run();
  expect(bed.rows("SELECT hex(content) AS text, hex(details) LIKE '%EDA0%' AS broken FROM messages")).toEqual([
    { text: Buffer.from('a\ufffd edited').toString('hex').toUpperCase(), broken: 0 },
  ]);
  expect(bed.rows('SELECT hex(saved_name) AS name FROM contacts')).toEqual([{ name: '61EFBFBD' }]);
});
