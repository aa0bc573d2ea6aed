// A server process for tests: the real stdio server over fake services without files or WhatsApp.
import '../../../src/stdout.ts';
import type { Services } from '../../../src/services.ts';

const { createApp } = await import('../../../src/app.ts');
const { serveStdio } = await import('../../../src/server/stdio.ts');
const { testConfig } = await import('../fakes/config.ts');
const { fakeServices, fakeStore, fakeSync } = await import('../fakes/fake-services.ts');

const behaviour = process.argv[2];
const store = fakeStore();
let reads = 0;
const { query } = store.messages;
store.messages.query = (...asked) => {
  if (behaviour === 'busy-reads') {
    for (const end = performance.now() + 5; performance.now() < end; ); // a read blocks the thread
  }
  reads++;
  return query(...asked);
};
const { statistics } = store.messages;
const long = 'x'.repeat(30_000); // stands twice in an answer
store.messages.statistics = () => {
  if (++reads % 10 === 0) process.stderr.write(`${reads} reads\n`);
  return { ...statistics(), oldest_message: long };
};
const services: Services = fakeServices({
  store,
  sync: {
    ...fakeSync(),
    transfer: async () => {
      // biome-ignore lint/suspicious/noConsole: a library that prints is what the test is about
      console.log('a library prints', { privKey: 'secret' });
      process.stdout.write('and writes\n');
      if (behaviour === 'brief-call') await new Promise((resolve) => setTimeout(resolve, 30));
      if (behaviour === 'slow-call') await new Promise((resolve) => setTimeout(resolve, 60_000));
      return { messages_synced: 1, duplicates_skipped: 0, failed: 0, chats_synced: 1 };
    },
  },
  close: async () => {
    process.stderr.write(behaviour === 'busy-reads' ? `${reads} reads\n` : 'closed\n');
    if (behaviour === 'slow-close') await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (behaviour === 'failing-close') throw new Error('cannot close');
  },
});
await serveStdio(createApp(testConfig(), { services }));
