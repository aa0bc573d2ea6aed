import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolsets } from '../src/domain/toolsets.ts';
import { authorshipOf } from '../src/server/authorship.ts';
import { describeTool } from '../src/server/describe.ts';
import { flagOf, type SettingName, settings } from '../src/settings.ts';
import { catalog } from '../src/tools/catalog.ts';
import type { AnyTool } from '../src/tools/define.ts';
import { testdata } from '../test/contract/testdata.ts';
import { firstSentence } from './first-sentence.ts';
import { serverJson } from './manifests.ts';
import { goModules, noticeLists, npmPackages } from './notice.ts';
import { openapi } from './openapi.ts';
import { goLimits, goLimitsPath } from './operations/go-limits.ts';
import { operationModules } from './operations/modules.ts';
import { reference } from './reference.ts';
import { ruleFiles } from './sql/rules.ts';
import { code, table } from './table.ts';
import { toolModules, toolModulesPath } from './tool-modules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pins = 'test/pins/tools';

/** Where the definition of a tool is pinned, from the root of the checkout. */
export const pinOf = ({ name, toolset }: Pick<AnyTool, 'name' | 'toolset'>): string =>
  `${pins}/${toolset}/${name}.json`;

/** What is written from the catalogue and the settings: path from the root of the checkout to text. */
export function generated(readme: string, notice = read('NOTICE')): Map<string, string> {
  return new Map([
    ['README.md', fill(fill(readme, 'tools', toolTables()), 'options', optionTable())],
    ['.env.example', envExample()],
    ['NOTICE', fill(notice, 'licences', noticeLists(npmPackages(), goModules()))],
    [toolModulesPath, toolModules()],
    ...operationModules(),
    [goLimitsPath, goLimits()],
    ['test/pins/fields-of-others.json', `${JSON.stringify(fieldsOfOthers(), null, 2)}\n`],
    ['docs/reference.md', reference()],
    ['server.json', `${JSON.stringify(serverJson(), null, 2)}\n`],
    ['bridges/whatsmeow/contract/openapi.json', `${JSON.stringify(openapi(), null, 2)}\n`],
    ...ruleFiles(),
    ...catalog.map((tool): [string, string] => [pinOf(tool), `${JSON.stringify(describeTool(tool), null, 2)}\n`]),
  ]);
}

/** Replaces the text between the markers of a part; throws when the markers are missing. */
export function fill(text: string, part: string, content: string): string {
  const [start, end] = [`<!-- ${part}: generated, do not edit -->`, `<!-- ${part}: end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`There are no markers for ${part}`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** The text fields of results that count as written by other people. */
const fieldsOfOthers = (): string[] => [...new Set(catalog.flatMap((tool) => authorshipOf(tool).theirs))].sort();

function toolTables(): string {
  return toolsets
    .map((toolset) => {
      const tools = catalog.filter((tool) => tool.toolset === toolset);
      const rows = tools.map((tool) => [
        code(tool.name),
        firstSentence(tool.description),
        Object.keys(tool.input.shape).map(code).join(', ') || '–',
        tool.effect,
      ]);
      return `**${toolset}**\n\n${table(['tool', 'what it does', 'arguments', 'effect'], rows)}`;
    })
    .join('\n\n');
}

function optionTable(): string {
  const rows = (Object.keys(settings) as SettingName[]).map((name) => [
    code(name),
    code(flagOf(name)),
    settings[name].fromEnvFile ? 'yes' : 'no',
    settings[name].shown,
    settings[name].description,
  ]);
  return table(['setting', 'flag', 'in `.env`', 'default', 'meaning'], rows);
}

function envExample(): string {
  const all = Object.entries(settings);
  const elsewhere = all.filter(([, { fromEnvFile }]) => !fromEnvFile).map(([name]) => name);
  const entries = all
    .filter(([, { fromEnvFile }]) => fromEnvFile)
    .map(([name, { description, shown }]) => `\n# ${description}\n# Default: ${shown}\n${name}=\n`);
  const head = `# Copy this to .env in the data directory. Flags and the environment win over it; empty values count as unset.
# It may not name programs or other places; these are flags, or variables of the environment:
# ${elsewhere.join(', ')}
`;
  return head + entries.join('');
}

/** Paths whose files differ from the generated text, including pins of removed tools. */
export function stale(files: ReadonlyMap<string, string>): string[] {
  const changed = [...files].filter(([path, text]) => !existsSync(join(root, path)) || read(path) !== text);
  const kept = readdirSync(join(root, pins), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => `${pins}/${file.replaceAll('\\', '/')}`);
  return [...changed.map(([path]) => path), ...kept.filter((path) => !files.has(path))];
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function write(files: ReadonlyMap<string, string>, paths: readonly string[]): void {
  for (const path of paths) {
    const text = files.get(path);
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = new Map([...generated(read('README.md')), ...(await testdata())]);
  const paths = stale(files);
  const checking = process.argv.includes('--check');
  if (!checking) write(files, paths);
  for (const path of paths) console.log(`${checking ? 'differs' : 'written'}: ${path}`);
  console.log(
    `generated files: ${files.size}, ${paths.length} ${checking ? 'differ (run npm run generate)' : 'written'}`,
  );
  process.exitCode = checking && paths.length > 0 ? 1 : 0;
}
