import { expect, test } from 'vitest';
import { stagedRaw } from '../../../src/store/staging/raw.ts';
import { ada, ben, message, openBed } from '../../sync/fixtures.ts';

test('The raw form of a message is available before the copy, under either address of its chat', () => {
  const bed = openBed();
  bed.stage([message({ chatJid: ada.lid, id: 'POLL', raw: new Uint8Array([7]) }), message({ id: 'BARE', raw: null })]);
  expect(stagedRaw(bed.staging, ada.lid, 'POLL')).toEqual(Buffer.from([7]));
  expect(stagedRaw(bed.staging, ada.pn, 'POLL')).toBeUndefined();
  bed.sink.ingest({ lane: 'live', lidPairs: [ada] });
  expect(stagedRaw(bed.staging, ada.pn, 'POLL')).toEqual(Buffer.from([7]));
  expect(stagedRaw(bed.staging, ben.pn, 'POLL')).toBeUndefined();
  expect(stagedRaw(bed.staging, ada.pn, 'BARE')).toBeUndefined();
});
