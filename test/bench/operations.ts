import { buildProgram, isBuilt } from '../../scripts/build.ts';
import { endAll } from '../support/at-end.ts';
import { type Answer, type ServedClient, serve } from '../support/e2e/client.ts';
import { limit, median, quantile, report, type Verdict } from './verdict.ts';

/** A row of the contract's table of performance: its figure, and a call that takes as long. */
interface Row {
  operation: string;
  tool: string;
  seedMs: number;
  shown: string;
  calls: readonly Answer[];
  /** Later calls use the cache, so the first one counts. */
  remembered?: true;
}

const business = '1234567890@s.whatsapp.net';
const words = ['birthday', 'the', 'kaffee', 'día', 'なし', 'merhaba', 'zzz-nowhere', '"happy birthday"', 'ok', 'photo'];

export const rows: readonly Row[] = [
  {
    operation: 'Search messages',
    tool: 'query_synced_messages',
    seedMs: 200,
    shown: '200 ms',
    calls: words.map((content) => ({ content, limit: 50 })),
  },
  {
    operation: 'List chats',
    tool: 'list_chats',
    seedMs: 80,
    shown: '80 ms',
    calls: [{}, { limit: 500 }, { query: 'a' }, { sort_by: 'name' }],
  },
  {
    operation: 'Business catalog',
    tool: 'get_business_catalog',
    seedMs: 1_000,
    shown: '1-2 s',
    calls: [{ jid: business }],
    remembered: true,
  },
  { operation: 'Send message', tool: 'send_message', seedMs: 50, shown: '50 ms', calls: [] },
  { operation: 'Mark chat as read (DB)', tool: 'mark_chat_read', seedMs: 100, shown: '100 ms', calls: [] },
  {
    operation: 'Mark chat as read (full)',
    tool: 'mark_community_as_read_with_history',
    seedMs: 120_000,
    shown: '2-5 min',
    calls: [],
  },
];

const seedHistoryMs = 5 * 60_000;

/** The contract's performance over MCP on stdio, on a simulated account, without network and phone. */
export async function main(args: string[]): Promise<boolean> {
  const rounds = args.includes('--rounds') ? Number(args[args.indexOf('--rounds') + 1]) : 20;
  if (!isBuilt()) await buildProgram();
  try {
    console.log(`\nOver MCP stdio, simulated account, Node ${process.version}; ${rounds} rounds`);
    const history = await measureHistory(await serve(['--simulated']));
    const server = await serve(['--simulated=synced']);
    const { tools } = await server.client.listTools();
    const names = new Set(tools.map(({ name }) => name));
    const verdicts: Verdict[] = [];
    for (const row of rows) {
      if (!names.has(row.tool)) console.log(`none ${row.operation}: there is no ${row.tool} yet (seed ${row.shown})`);
      else if (row.calls.length === 0) throw new Error(`${row.tool} exists now: say which calls measure it`);
      else verdicts.push(await measure(server, row, rounds));
    }
    return report([...verdicts, history]);
  } finally {
    await endAll();
  }
}

async function measure({ call }: ServedClient, row: Row, rounds: number): Promise<Verdict> {
  const { operation, tool, seedMs, shown, calls, remembered } = row;
  const timed = async (args: Answer) => {
    const from = performance.now();
    await call(tool, args);
    return performance.now() - from;
  };
  const firsts: number[] = [];
  for (const args of calls) firsts.push(await timed(args));
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) for (const args of calls) times.push(await timed(args));
  const [first, middle, late] = [median(firsts), median(times), quantile(times, 0.95)];
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const figures = `first ${ms(first)}, median ${ms(middle)}, p95 ${ms(late)}, seed ${shown}`;
  return limit(`${operation} (${tool}; ${figures}) to the seed`, (remembered ? first : middle) / seedMs, 1);
}

async function measureHistory({ call }: ServedClient): Promise<Verdict> {
  const from = performance.now();
  await call('backend_status'); // starts the simulator and links the account
  const linked = performance.now();
  const received = await call('retrieve_full_history', { timeout: 600 }, () => {});
  const copied = await call('sync_history_to_database');
  const ms = performance.now() - linked;
  if (received['messages_synced'] !== copied['messages_synced']) throw new Error('not all messages were copied');
  const figures = `${copied['messages_synced']} messages in ${(ms / 1000).toFixed(1)} s after ${((linked - from) / 1000).toFixed(1)} s of linking, seed 5-20 min`;
  return limit(`Retrieve history (${figures}) to the seed`, ms / seedHistoryMs, 1);
}
