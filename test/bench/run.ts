/** `npm run bench -- <name> [options]`: each bench prints ratios of one run; exit code 1 when a limit is missed. */
const benches: Record<string, () => Promise<{ main(args: string[]): Promise<boolean> }>> = {
  'beside-go': () => import('./beside-go.ts'),
  busy: () => import('./busy.ts'),
  operations: () => import('./operations.ts'),
  start: () => import('./start.ts'),
  transfer: () => import('./transfer.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = benches[name];
if (!load) {
  console.error(`Usage: npm run bench -- <${Object.keys(benches).join('|')}> [--rows N | --rounds N]`);
  process.exit(2);
}
const { main } = await load();
process.exit((await main(args)) ? 0 : 1);
