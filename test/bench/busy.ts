import { readFileSync } from 'node:fs';
import { buildProgram, isBuilt } from '../../scripts/build.ts';
import { endAll } from '../support/at-end.ts';
import { clientEnv, startProgram, temporaryDir } from '../support/e2e/program.ts';
import { limit, report } from './verdict.ts';

const many = 5000;
const message = (body: object) => `${JSON.stringify({ jsonrpc: '2.0', ...body })}\n`;
const call = (id: number, name: string, args: object = {}) =>
  message({ id, method: 'tools/call', params: { name, arguments: args } });
const searches = (from: number) =>
  Array.from({ length: many }, (_, serial) => call(from + serial, 'query_synced_messages', { content: 'birthday' }));
const cancellations = (from: number) =>
  Array.from({ length: many }, (_, serial) =>
    message({ method: 'notifications/cancelled', params: { requestId: from + serial } }),
  );

/** A served simulated account, used without a client library. */
async function served() {
  const { child, ended } = startProgram(['serve', '--simulated=synced'], clientEnv(temporaryDir()));
  const seen = new Set<number>();
  let rest = '';
  let heard = () => {};
  child.stdout?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) seen.add(JSON.parse(line).id);
    heard();
  });
  const send = (text: string) => child.stdin?.write(text);
  const answer = (id: number): Promise<void> =>
    new Promise((resolve) => {
      heard = () => seen.has(id) && resolve();
      heard();
    });
  const clientInfo = { name: 'bench', version: '1' };
  send(
    message({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } }),
  );
  send(message({ method: 'notifications/initialized' }));
  send(call(1, 'query_synced_messages', { content: 'birthday' }));
  await answer(1);
  return { child, ended, seen, send, answer };
}

interface Taken {
  wallMs: number;
  /** Of all threads of the server; NaN where the system does not tell. */
  cpuMs: number;
}

/** How long the work takes, for whoever waits and for the server. */
async function timed({ pid }: { pid?: number | undefined }, work: () => unknown): Promise<Taken> {
  const [from, cpuFrom] = [performance.now(), workedMs(pid)];
  let cpu = cpuFrom;
  // What has ended tells nothing more.
  const look = setInterval(() => {
    const now = workedMs(pid);
    if (!Number.isNaN(now)) cpu = now;
  }, 5);
  await work();
  clearInterval(look);
  const wallMs = performance.now() - from;
  return { wallMs, cpuMs: Math.max(cpu, workedMs(pid) || 0) - cpuFrom };
}

/** Others on the machine make the server wait; what it has to answer for is its own work. */
const soon = (text: string, { wallMs, cpuMs }: Taken) =>
  limit(`${text} (${wallMs.toFixed(0)} ms on the clock)`, Number.isNaN(cpuMs) ? wallMs : cpuMs, 500, ' ms of work');

/** How long a process has worked, in ms, without what others on this machine took from it; Linux alone tells. */
function workedMs(pid: number | undefined): number {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    return (Number(user) + Number(system)) * 10;
  } catch {
    return Number.NaN;
  }
}

/** How long the server takes to answer control messages while 5,000 searches wait, ms. */
export async function main(): Promise<boolean> {
  if (!isBuilt()) await buildProgram();
  try {
    const { child, ended, seen, send, answer } = await served();
    const ping = await timed(child, () => {
      send(searches(1_000_000).join('') + message({ id: 2, method: 'ping' }));
      return answer(2);
    });
    const cancelled = await timed(child, () => {
      send(cancellations(1_000_000).join('') + call(3, 'get_message_statistics'));
      return answer(3);
    });
    const answered = [...seen].filter((id) => id >= 1_000_000).length;
    const args = Object.fromEntries(Array.from({ length: 500_000 }, (_, serial) => [`key${serial}`, 1]));
    const line = call(4, 'list_chats', args) + message({ id: 5, method: 'ping' });
    const unknown = await timed(child, () => {
      send(line);
      return answer(5);
    });
    send(searches(2_000_000).join(''));
    await answer(2_000_000);
    const term = await timed(child, () => {
      child.kill('SIGTERM');
      return ended;
    });
    const other = await served();
    other.send(searches(1_000_000).join(''));
    await other.answer(1_000_000);
    const end = await timed(other.child, () => {
      other.child.stdin?.end();
      return other.ended;
    });
    console.log(`\nBeside ${many} waiting searches of 8,432 messages, Node ${process.version}`);
    return report([
      soon('ping answered behind them', ping),
      soon('all cancelled and the next call answered', cancelled),
      limit('searches answered in spite of that', answered, many / 10),
      soon('ping behind 500,000 unknown arguments', unknown),
      soon('from SIGTERM to the end', term),
      soon('from the end of stdin to the end', end),
    ]);
  } finally {
    await endAll();
  }
}
