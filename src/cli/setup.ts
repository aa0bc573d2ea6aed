import { packageRoot } from '../package.ts';
import type { Sources } from '../settings.ts';
import type { Asker } from './ask.ts';
import type { Entry } from './setup/change.ts';
import { type Client, type ClientName, clients } from './setup/clients.ts';
import { entryOf } from './setup/entry.ts';
import { type Machine, thisMachine } from './setup/machine.ts';
import { placesOf, placesToPrint } from './setup/places.ts';
import { blankPlan, type Plan, planFor, shownChange } from './setup/plan.ts';
import { replaceFile } from './setup/replace-file.ts';
import type { Terminal } from './terminal.ts';

export interface SetupOptions {
  /** Only shows what belongs into the file; reads and writes nothing. */
  print?: boolean;
  yes?: boolean;
  json?: boolean;
}

interface Surroundings {
  terminal: Terminal;
  asker: Asker;
  machine?: Machine;
}

/**
 * Adds the server to the configuration of a client, after asking which client; exit code 0 when the client has it, 1
 * when the user declines.
 */
export async function setup(
  named: ClientName | '',
  flags: Sources,
  options: SetupOptions,
  surroundings: Surroundings,
): Promise<number> {
  const choices = Object.entries(clients).map(([value, { title }]) => ({ value, label: title }));
  const name = named || (await surroundings.asker.choose('Which client is it?', choices));
  return name === undefined ? 1 : tell(name as ClientName, flags, options, surroundings);
}

async function tell(
  name: ClientName,
  flags: Sources,
  options: SetupOptions,
  { terminal, asker, machine = thisMachine() }: Surroundings,
): Promise<number> {
  const client: Client = clients[name];
  const { platform, env } = machine;
  const start = entryOf(flags, { platform, root: packageRoot(), node: process.execPath, path: env['PATH'] ?? '' });
  const say = options.json === true ? () => {} : terminal.say;
  const report = (outcomes: readonly Outcome[]) => {
    const [only] = outcomes;
    const told = outcomes.length === 1 ? only : { files: outcomes };
    if (options.json === true) terminal.say(JSON.stringify({ client: name, ...told }, null, 2));
  };
  if (options.print === true) {
    const plans = placesToPrint(name, machine).map((place) => blankPlan(client, start, place));
    for (const { file, after } of plans) say(`${client.title} reads ${file}. In there belongs:\n\n${after}`);
    report(plans.map(unchanged));
    return 0;
  }
  const plans = placesOf(name, machine).map((place) => planFor(client, start, place));
  const changes = plans.filter(({ before, after }) => after !== before);
  for (const { file } of plans.filter((plan) => !changes.includes(plan)))
    say(`${client.title} knows the server already: ${file} stays as it is.`);
  for (const plan of changes) say(`${plan.file}, ${plan.path.join('.')}:\n\n${shownChange(client, plan)}\n`);
  if (changes.length > 0 && !(await mayChange(client, options, asker))) {
    say('Nothing was changed.');
    report(plans.map(unchanged));
    return 1;
  }
  const outcomes = plans.map((plan) => (changes.includes(plan) ? write(plan, say) : unchanged(plan)));
  if (changes.length > 0) say(client.nextStep);
  report(outcomes);
  return 0;
}

/** What became of one file; `backup` is the path of the file as it was. */
interface Outcome {
  file: string;
  entry: Entry;
  changed: boolean;
  backup?: string | null;
}

const unchanged = ({ file, entry }: Plan): Outcome => ({ file, entry, changed: false });

const mayChange = ({ title }: Client, { yes }: SetupOptions, asker: Asker): Promise<boolean> | boolean =>
  yes === true || asker.confirm(`Change the settings of ${title} like this?`);

function write({ file, entry, before, after }: Plan, say: (text: string) => void): Outcome {
  const backup = replaceFile(file, before, after);
  say(`✅ Written.${backup === null ? '' : ` The file as it was: ${backup}`}`);
  return { file, entry, changed: true, backup };
}
