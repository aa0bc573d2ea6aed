import { buildProgram, isBuilt } from '../../scripts/build.ts';
import { type Bed, createBed } from './bed.ts';
import { checkConformance } from './conformance.ts';
import { Findings } from './findings.ts';
import { checkInspector } from './inspector.ts';
import { type Installed, nodeClients, pythonClients } from './installed.ts';
import { checkMcpdo } from './mcpdo.ts';
import { checkPython } from './python.ts';

type Check = (findings: Findings, bed: Bed, folder: string) => Promise<void>;

/** Each check with its clients. */
const checks: Record<string, { clients: () => Promise<Installed>; check: Check }> = {
  inspector: { clients: nodeClients, check: checkInspector },
  mcpdo: { clients: nodeClients, check: checkMcpdo },
  conformance: { clients: nodeClients, check: checkConformance },
  python: { clients: pythonClients, check: checkPython },
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => checks[name] === undefined);
if (unknown.length > 0) {
  console.error(`npm run check:clients -- [${Object.keys(checks).join('|')}…]`);
  process.exit(1);
}

if (!isBuilt()) await buildProgram();
const findings = new Findings();
const bed = await createBed();
try {
  for (const [name, { clients, check }] of Object.entries(checks)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const from = performance.now();
    const installed = await clients();
    if ('missing' in installed) findings.skip(name, installed.missing);
    else await findings.check(`${name}: went through all of it`, () => check(findings, bed, installed.folder));
    console.log(`-- ${name}: ${Math.round((performance.now() - from) / 1000)} s`);
  }
} finally {
  bed.close();
}
for (const line of findings.skipped) console.log(line);
console.log(findings.summary);
process.exitCode = findings.failed === 0 ? 0 : 1;
