import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examine } from '../../../src/cli/doctor.ts';
import { withSidecars } from '../../../src/store/sqlite/backup.ts';
import { ensureDatabases } from '../../../src/store/sqlite/database.ts';
import { createWorkerTasks } from '../../../src/sync/worker-tasks.ts';
import { DoctorSite } from '../../support/e2e/doctor-site.ts';
import { type Bed, messages, openBed } from '../../sync/fixtures.ts';

let site: DoctorSite;
let bed: Bed;
let early: string;

async function copy(count: number): Promise<void> {
  bed.stage(messages(count));
  const jobs = createWorkerTasks({ paths: bed.paths, quietMs: 0 });
  await jobs.transfer('history', { signal: new AbortController().signal, progress: () => {} });
  jobs.close();
}

beforeEach(async () => {
  site = new DoctorSite();
  bed = openBed();
  await copy(10);
  early = `${bed.paths.messages}.early`;
  copyFileSync(bed.paths.messages, early);
  await copy(30);
});
afterEach(() => site.close());

const removed = () => {
  for (const path of withSidecars(bed.paths.messages)) rmSync(path, { force: true });
};

async function found() {
  const healthy = site.site();
  const { checks } = await examine({ ...healthy, paths: { ...healthy.paths, ...bed.paths } });
  return checks.find(({ name }) => name === 'messages');
}

test('a messages.db that was filled from here is the one that is there', async () => {
  expect(await found()).toMatchObject({ verdict: 'ok' });
});

test.each([
  ['missing', () => removed()],
  [
    'empty',
    () => {
      removed();
      writeFileSync(bed.paths.messages, '');
    },
  ],
  [
    'older',
    () => {
      removed();
      copyFileSync(early, bed.paths.messages);
    },
  ],
  [
    'not the file',
    () => {
      removed();
      ensureDatabases(bed.paths);
    },
  ],
])('a messages.db that is %s is a failure with the way back, and none is made', async (words, change) => {
  change();
  const wasThere = existsSync(bed.paths.messages);
  const finding = await found();
  expect(finding).toMatchObject({ verdict: 'fail', fix: expect.stringContaining('doctor --accept-store') });
  expect(finding?.message).toContain(`messages.db is ${words}`);
  expect(existsSync(bed.paths.messages)).toBe(wasThere);
});
