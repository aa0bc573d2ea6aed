import { deepStrictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../../src/tools/catalog.ts';
import { type Bed, serverCommand } from './bed.ts';
import { expectRun } from './command.ts';
import type { Findings } from './findings.ts';

/** Sessions at a time: each is a client, a server and a simulator. */
const atOnce = 2;

/** The first call of a session makes an account, links it and copies its history; a busy machine takes its time. */
const patienceMs = 180_000;

/** The MCP Inspector lists the tools strictly and calls every one of them, each in a session of its own. */
export async function checkInspector(findings: Findings, bed: Bed, folder: string): Promise<void> {
  const command = join(folder, 'node_modules', '.bin', 'mcp-inspector');
  const config = join(bed.home, 'inspector.json');
  const [program, ...programArgs] = serverCommand('synced');
  const server = { command: program, args: programArgs, requestTimeout: patienceMs };
  writeFileSync(config, JSON.stringify({ mcpServers: { server } }));
  const given = ['--cli', '--config', config, '--server', 'server', '--format', 'json'];
  const inspect = (args: readonly string[]) =>
    expectRun(command, [...given, ...args], { env: bed.env, timeoutMs: 2 * patienceMs });

  await findings.check('Inspector: no tool has a schema that some client cannot read', async () => {
    const { tools } = JSON.parse(await inspect(['--strict', '--method', 'tools/list'])).result as Listed;
    deepStrictEqual(tools.map(({ name }) => name).sort(), catalog.map(({ name }) => name).sort());
  });
  const waiting = [...bed.calls];
  const work = async (): Promise<void> => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      const [name, args] = call;
      const request = ['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)];
      await findings.check(`Inspector: ${name}`, async () => void (await inspect(request)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

interface Listed {
  tools: { name: string }[];
}
