import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, inspectorMissing } from '../support/e2e-inspector.ts';
import { toolArguments } from '../support/e2e-tool-arguments.ts';
import type { Verdict } from './run.ts';

/** The MCP Inspector lists the tools strictly and calls every one of them, each in a session of its own. */
export async function proof(): Promise<Verdict> {
  const home = mkdtempSync(join(tmpdir(), 'whatsapp-hybrid-mcp-proof-'));
  try {
    const missing = await inspectorMissing(home);
    if (missing !== undefined) throw new Error(`npx cannot fetch the MCP Inspector: ${missing}`);
    const exitCodes: Record<string, number | null> = {
      'tools/list': (await inspect(['--strict', '--method', 'tools/list'], home)).code,
    };
    for (const [name, args] of Object.entries(toolArguments(await anyMessage(home)))) {
      const { code, stderr } = await callTool(name, args, home);
      exitCodes[name] = code;
      console.log(`${name}: exit ${code}${code === 0 ? '' : `\n${stderr}`}`);
    }
    const failed = Object.values(exitCodes).filter((code) => code !== 0).length;
    return { passed: failed === 0, counts: { sessions: Object.keys(exitCodes).length, failed, exitCodes } };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function callTool(name: string, args: Record<string, unknown>, home: string) {
  const given = ['--tool-args-json', JSON.stringify(args), '--format', 'json'];
  return inspect(['--method', 'tools/call', '--tool-name', name, ...given], home);
}

async function anyMessage(home: string): Promise<{ id: string; chat_jid: string }> {
  const { code, stdout, stderr } = await callTool('query_synced_messages', { content: 'birthday', limit: 1 }, home);
  const found = /"structuredContent".*?"id":\s*"(?<id>[^"]+)".*?"chat_jid":\s*"(?<jid>[^"]+)"/s.exec(stdout)?.groups;
  const { id, jid } = found ?? {};
  if (code !== 0 || id === undefined || jid === undefined) throw new Error(`the search failed: ${stderr}`);
  return { id, chat_jid: jid };
}
