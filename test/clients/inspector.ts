import { deepStrictEqual } from 'node:assert';
import { join } from 'node:path';
import { catalog } from '../../src/tools/catalog.ts';
import { type Bed, serverCommand } from './bed.ts';
import { expectRun } from './command.ts';
import type { Findings } from './findings.ts';

/** Sessions at a time: each is a client, a server and a simulator. */
const atOnce = 2;

/** The MCP Inspector lists the tools strictly and calls every one of them, each in a session of its own. */
export async function checkInspector(findings: Findings, bed: Bed, folder: string): Promise<void> {
  const command = join(folder, 'node_modules', '.bin', 'mcp-inspector');
  const inspect = (args: readonly string[]) =>
    expectRun(command, ['--cli', ...serverCommand('synced'), '--format', 'json', ...args], { env: bed.env });

  await findings.check('Inspector: no tool has a schema that some client cannot read', async () => {
    const { tools } = JSON.parse(await inspect(['--strict', '--method', 'tools/list'])).result as Listed;
    deepStrictEqual(tools.map(({ name }) => name).sort(), catalog.map(({ name }) => name).sort());
  });
  const waiting = [...bed.calls];
  const work = async (): Promise<void> => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      const [name, args] = call;
      const given = ['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)];
      await findings.check(`Inspector: ${name}`, async () => void (await inspect(given)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

interface Listed {
  tools: { name: string }[];
}
