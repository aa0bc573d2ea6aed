import { deepStrictEqual } from 'node:assert';
import { join } from 'node:path';
import { catalog } from '../../src/tools/catalog.ts';
import { createAccount } from './account.ts';
import type { Bed } from './bed.ts';
import { expectRun } from './command.ts';
import type { Findings } from './findings.ts';

/** The MCP Inspector lists the tools strictly and calls each one in a session of its own. */
export async function checkInspector(findings: Findings, bed: Bed, folder: string): Promise<void> {
  const command = join(folder, 'node_modules', '.bin', 'mcp-inspector');
  const account = await createAccount(bed.home);
  const inspect = (...args: string[]) =>
    expectRun(command, ['--cli', ...account.command, '--format', 'json', ...args], { env: bed.env });
  try {
    await findings.check('Inspector: no tool has a schema that some client cannot read', async () => {
      const { tools } = JSON.parse(await inspect('--strict', '--method', 'tools/list')).result as Listed;
      deepStrictEqual(tools.map(({ name }) => name).sort(), catalog.map(({ name }) => name).sort());
    });
    for (const [name, args] of bed.calls) {
      const given = ['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)];
      await findings.check(`Inspector: ${name}`, async () => void (await inspect(...given)));
    }
  } finally {
    account.stop();
  }
}

interface Listed {
  tools: { name: string }[];
}
