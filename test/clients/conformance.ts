import { deepStrictEqual, match } from 'node:assert';
import { join } from 'node:path';
import { type Bed, serverCommand } from './bed.ts';
import { expectRun } from './command.ts';
import type { Findings } from './findings.ts';
import { startHttpBridge } from './http-bridge.ts';

const fixture = 'asks for a tool, prompt or resource of the suite’s own example server';
const http = 'is about a server on HTTP';

/** Every scenario of the suite: `applies`, or why it does not apply to this server. */
const scenarios: Record<string, 'applies' | string> = {
  'server-initialize': 'applies',
  ping: 'applies',
  'tools-list': 'applies',
  'resources-list': 'applies',
  'prompts-list': 'applies',
  'logging-set-level': 'the server offers no logging to clients: the protocol is giving it up, stderr has the log',
  'completion-complete': fixture,
  'tools-call-simple-text': fixture,
  'tools-call-image': fixture,
  'tools-call-audio': fixture,
  'tools-call-embedded-resource': fixture,
  'tools-call-mixed-content': fixture,
  'tools-call-with-logging': fixture,
  'tools-call-error': fixture,
  'tools-call-with-progress': fixture,
  'tools-call-sampling': fixture,
  'tools-call-elicitation': fixture,
  'json-schema-2020-12': fixture,
  'elicitation-sep1034-defaults': fixture,
  'elicitation-sep1330-enums': fixture,
  'resources-read-text': fixture,
  'resources-read-binary': fixture,
  'resources-templates-read': fixture,
  'resources-subscribe': fixture,
  'resources-unsubscribe': fixture,
  'prompts-get-simple': fixture,
  'prompts-get-with-args': fixture,
  'prompts-get-embedded-resource': fixture,
  'prompts-get-with-image': fixture,
  'server-sse-polling': http,
  'server-sse-multiple-streams': http,
  'dns-rebinding-protection': http,
};

/** Runs the protocol's conformance suite, except scenarios that need its example server. */
export async function checkConformance(findings: Findings, bed: Bed, folder: string): Promise<void> {
  const command = join(folder, 'node_modules', '.bin', 'conformance');
  await findings.check('conformance: every scenario of the suite is judged here', async () => {
    const listed = await expectRun(command, ['list', '--server'], { cwd: bed.home });
    const names = [...listed.matchAll(/^ {2}- ([\w-]+)/gm)].map(([, name]) => name);
    deepStrictEqual(names.sort(), Object.keys(scenarios).sort());
  });
  const bridge = await startHttpBridge(serverCommand('none'), bed.env);
  try {
    for (const [name, state] of Object.entries(scenarios)) {
      if (state !== 'applies') console.log(`n/a      conformance: ${name} ${state}`);
      else await findings.check(`conformance: ${name}`, () => runScenario(command, name, bridge.url, bed.home));
    }
  } finally {
    await bridge.close();
  }
}

async function runScenario(command: string, name: string, url: string, home: string): Promise<void> {
  const args = ['server', '--url', url, '--scenario', name, '--output-dir', join(home, 'conformance')];
  const shown = await expectRun(command, args, { cwd: home });
  match(shown, /Passed: [1-9]/, shown);
}
