import { readFileSync } from 'node:fs';
import { buildProgram, isBuilt } from '../../scripts/build.ts';
import { endAll } from '../support/at-end.ts';
import { clientEnv, program, startProgram, temporaryDir } from '../support/e2e/program.ts';
import { limit, median, report } from './verdict.ts';

const message = (body: object) => `${JSON.stringify({ jsonrpc: '2.0', ...body })}\n`;
const initialize = message({
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
});
const listTools = message({ method: 'notifications/initialized' }) + message({ id: 1, method: 'tools/list' });
/** The smallest program on the same wire: loads nothing and answers one line. */
const bare = { node: ['-e', "process.stdin.once('data', () => process.stdout.write('{}\\n'))"], entry: '' };

interface Start {
  initialize: number;
  tools: number;
  initializeMb: number;
  toolsMb: number;
}

/** From the spawn to the answers to `initialize` and `tools/list`, compared to a bare node. */
export async function main(args: string[]): Promise<boolean> {
  const rounds = args.includes('--rounds') ? Number(args[args.indexOf('--rounds') + 1]) : 31;
  if (!isBuilt()) await buildProgram();
  const home = temporaryDir();
  const [nodes, starts]: [number[], Start[]] = [[], []];
  try {
    for (let round = 0; round < rounds; round += 1) {
      nodes.push(await startNode(home));
      starts.push(await startServer(home));
    }
    const of = (pick: (start: Start) => number) => median(starts.map(pick));
    const [node, first, tools] = [median(nodes), of((start) => start.initialize), of((start) => start.tools)];
    console.log(
      `\n${rounds} interleaved starts, Node ${process.version}: bare node ${node.toFixed(0)} ms, initialize ${first.toFixed(0)} ms, tools/list ${tools.toFixed(0)} ms (medians)`,
    );
    const loaded = await whatsAppLoaded(home);
    return report([
      limit('initialize to a bare node', first / node, 2),
      limit(
        'memory when initialize is answered',
        of((start) => start.initializeMb),
        85,
        ' MB',
      ),
      limit(
        'memory when tools/list is answered',
        of((start) => start.toolsMb),
        85,
        ' MB',
      ),
      { text: `Baileys loaded by then: ${loaded ? 'yes' : 'no'} (no)`, ok: !loaded },
    ]);
  } finally {
    await endAll();
  }
}

async function startNode(home: string): Promise<number> {
  const from = performance.now();
  const { child, stdout, ended } = startProgram([], clientEnv(home), bare);
  child.stdin?.end(initialize);
  await line(child.stdout, stdout, 1);
  const ms = performance.now() - from;
  await ended;
  return ms;
}

async function startServer(home: string): Promise<Start> {
  const from = performance.now();
  const { child, stdout, ended } = startProgram(['serve'], clientEnv(home));
  child.stdin?.write(initialize);
  await line(child.stdout, stdout, 1);
  const [initialized, initializeMb] = [performance.now() - from, residentMb(child.pid)];
  child.stdin?.write(listTools);
  await line(child.stdout, stdout, 2);
  const [tools, toolsMb] = [performance.now() - from, residentMb(child.pid)];
  child.stdin?.end();
  await ended;
  return { initialize: initialized, tools, initializeMb, toolsMb };
}

/** Resolves when this many lines were written. */
async function line(stdout: NodeJS.ReadableStream | null, text: () => string, count: number): Promise<void> {
  while (text().split('\n').length <= count) await new Promise((resolve) => stdout?.once('data', resolve));
}

function residentMb(pid: number | undefined): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

/** NODE_DEBUG prints every module that is loaded. */
async function whatsAppLoaded(home: string): Promise<boolean> {
  const { child, stderr, ended } = startProgram(['serve'], { ...clientEnv(home), NODE_DEBUG: 'esm' });
  child.stdin?.end(initialize + listTools);
  await ended;
  if (!stderr().includes(program)) throw new Error('Node did not say what it loads');
  return stderr().includes('node_modules/@whiskeysockets');
}
