import { deepStrictEqual, ok } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prompts } from '../../src/prompts/catalog.ts';
import { type Bed, serverCommand, tapped } from './bed.ts';
import { run } from './command.ts';
import type { Findings } from './findings.ts';

/** A client library and its script. */
const libraries = { mcp: 'python_mcp.py', fastmcp: 'python_fastmcp.py' };

/** The output of a script for each check. */
interface Line {
  check: string;
  error: string | null;
}

/** Two Python clients use everything; their own schema library validates the results. */
export async function checkPython(findings: Findings, bed: Bed, folder: string): Promise<void> {
  for (const [library, script] of Object.entries(libraries)) {
    const synced = tapped(bed, `${library}-synced`, serverCommand('synced'));
    const endless = tapped(bed, `${library}-endless`, serverCommand('endless'));
    const task = join(bed.home, `${library}.json`);
    const names = prompts.map(({ name }) => name);
    const content = {
      synced: synced.command,
      endless: endless.command,
      calls: bed.calls,
      chat: bed.chatJid,
      prompts: names,
    };
    writeFileSync(task, JSON.stringify(content));
    const python = join(folder, 'bin', 'python');
    const args = ['-B', fileURLToPath(new URL(script, import.meta.url)), task];
    const { code, stdout, stderr } = await run(python, args, { env: bed.env, timeoutMs: 240_000 });
    for (const { check, error } of stdout
      .split('\n')
      .filter(Boolean)
      .map((line): Line => JSON.parse(line))) {
      await findings.check(`Python ${library}: ${check}`, () => {
        if (error !== null) throw new Error(error);
      });
    }
    await findings.check(`Python ${library}: the script ended well`, () => {
      if (code !== 0) throw new Error(`exit ${code}\n${stderr.slice(-2_000)}`);
    });
    await Promise.all([synced.wire.ended(), endless.wire.ended()]);
    await findings.check(`Python ${library}: the server kept to the protocol`, () => {
      deepStrictEqual([...synced.wire.faults(), ...endless.wire.faults()], []);
    });
    await findings.check(`Python ${library}: really stopped a call`, () => {
      ok(endless.wire.messages.some(({ from, method }) => from === 'client' && method === 'notifications/cancelled'));
    });
  }
}
