import { Argument, InvalidArgumentError, Option } from 'commander';
import type { SettingName, Sources } from '../settings.ts';
import { type Asker, standardAsker } from './ask.ts';
import { type BridgeAction, bridgeActions } from './bridge-actions.ts';
import { type ClientName, clients } from './setup/clients.ts';
import { standardTerminal, type Terminal } from './terminal.ts';

export type Options = Record<string, string | number | boolean | undefined>;

/** The input of one command run. */
export interface Call {
  /** Settings from flags. */
  flags: Sources;
  options: Options;
  /** Empty when omitted. */
  argument: string;
  terminal: Terminal;
  asker: Asker;
}

export interface CommandSpec {
  name: string;
  description: string;
  /** The example arguments after the program name. */
  example: string;
  argument?: Argument;
  options: readonly Option[];
  /** Settings that this command ignores. */
  without?: readonly SettingName[] | 'all';
  isDefault?: true;
  /** Resolves to the exit code, or to undefined when the command keeps running. Loads the command on demand. */
  run(call: Call): Promise<number | undefined>;
}

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};
const number = (flags: string, description: string) => new Option(flags, description).argParser(wholeNumber);

const simulated = () =>
  new Option('--simulated [state]', 'serve a simulated account whose history waits (fresh) or is copied (synced)')
    .preset('fresh')
    .conflicts(['simulator', 'dataDir']);
const simulator = new Option('--simulator <url>', 'connect to the simulated WhatsApp with this document');
const yes = new Option('--yes', 'do it without a question');
const credentials = new Option('--with-credentials', 'the keys of this linked device too: who has them reads along');
const replace = new Option('--replace', 'in place of the messages.db that is there, which is kept beside it');
const json = (what: string) => new Option('--json', `print ${what} as JSON`);

export const commands: readonly CommandSpec[] = [
  {
    name: 'serve',
    description: 'MCP server on stdin and stdout (default)',
    example: 'serve --simulated=synced',
    isDefault: true,
    options: [simulated(), simulator],
    async run({ flags, options }) {
      await (await import('./serve.ts')).serve(flags, options);
      return undefined;
    },
  },
  {
    name: 'login',
    description: 'link a phone, then fetch and copy its history; with --bridge whatsmeow link wa-bridge',
    example: 'login --phone +15550100000',
    options: [
      new Option('--phone <number>', 'own number in full: link by a code to type instead of a QR code'),
      new Option('--no-open', 'do not open the page in a browser; its address is printed in any case'),
      simulator,
    ],
    run: async ({ flags, options, terminal }) => (await import('./login.ts')).login(flags, options, terminal),
  },
  {
    name: 'setup',
    description: 'tell a client about the server: shows the change, asks, keeps a copy of the file',
    example: 'setup claude-desktop',
    argument: new Argument('[client]').choices(Object.keys(clients)),
    options: [new Option('--print', 'only print what belongs into the file of the client'), yes, json('what was done')],
    run: async ({ flags, options, argument, ...standardIo }) =>
      (await import('./setup.ts')).setup(argument as ClientName | '', flags, options, standardIo),
  },
  {
    name: 'status',
    description: 'what is linked, connected and stored; exit code 0 when all is healthy',
    example: 'status --json',
    options: [json('the answer of backend_status'), simulator],
    run: async ({ flags, options, terminal }) => (await import('./status.ts')).status(flags, options, terminal),
  },
  {
    name: 'doctor',
    description: 'looks for what can be wrong and names the fix; exit code 0 well, 1 warnings, 2 faults',
    example: 'doctor --fix',
    options: [
      new Option('--fix', 'put right what is safe to put right, and say what was done'),
      new Option('--salvage <file>', 'copy what can be read of a damaged messages.db into this new file instead'),
      replace,
      new Option('--accept-store', 'go on with messages.db as it is, in place of one that is lost').conflicts('fix'),
      json('the findings'),
      simulator,
    ],
    run: async ({ flags, options, terminal }) =>
      options['acceptStore'] === true
        ? (await import('./accept-store.ts')).acceptStore(flags, options, terminal)
        : (await import('./doctor.ts')).doctor(flags, options, terminal),
  },
  {
    name: 'logout',
    description: 'unlink this device, on the phone too; stored messages stay',
    example: 'logout --yes',
    options: [yes, json('what was done'), simulator],
    run: async ({ flags, options, ...people }) => (await import('./logout.ts')).logout(flags, options, people),
  },
  {
    name: 'bridge',
    description: 'wa-bridge, the second bridge: run it in the foreground, build it, or say where or how it is',
    example: 'bridge run',
    argument: new Argument('<action>').choices(bridgeActions),
    options: [json('the answer of status'), simulator],
    run: async ({ flags, options, argument, terminal }) =>
      (await import('./bridge.ts')).bridge(argument as BridgeAction, flags, options, terminal),
  },
  {
    name: 'backup',
    description: 'copy the stored messages into a file, while servers go on',
    example: 'backup messages-2026-11.db',
    argument: new Argument('<file>', 'where to; nothing is overwritten'),
    options: [credentials, json('the files')],
    run: async ({ flags, options, argument, terminal }) =>
      (await import('./backup.ts')).backup(argument, flags, options, terminal),
  },
  {
    name: 'restore',
    description: 'put a backup into an empty data directory',
    example: 'restore messages-2026-11.db --data-dir ~/whatsapp-old',
    argument: new Argument('<file>', 'as backup or doctor --salvage made it'),
    options: [credentials, replace, json('the files and what did not fit')],
    run: async ({ flags, options, argument, terminal }) =>
      (await import('./restore/restore.ts')).restore(argument, flags, options, terminal),
  },
  {
    name: 'wipe',
    description: 'delete all stored messages and the keys of this device, after showing which files',
    example: 'wipe',
    options: [yes, json('the files')],
    run: async ({ flags, options, ...people }) => (await import('./wipe.ts')).wipe(flags, options, people),
  },
  {
    name: 'demo',
    description: 'the whole way from pairing to a search, on a simulated account that leaves nothing behind',
    example: 'demo --messages 100000',
    without: ['WHATSAPP_DATA_DIR'], // it always uses a temporary directory
    options: [number('--messages <number>', 'how many messages the simulated account has')],
    run: async ({ flags, options, terminal }) => (await import('./demo.ts')).demo(flags, options, terminal),
  },
  {
    name: 'simulator',
    description: 'a simulated WhatsApp on this machine; prints {"url": …} and serves until its input ends',
    example: 'simulator --messages 1000',
    without: 'all',
    options: [
      number('--port <number>', 'port on 127.0.0.1 (default: any free one)'),
      number('--messages <number>', 'how many messages the account has'),
      number('--seed <number>', 'another number makes another world'),
    ],
    run: async ({ options }) => (await import('./simulated/simulator-command.ts')).simulator(options),
  },
];

/** The terminal and prompts of a command; tests replace them. */
export const people = (): Pick<Call, 'terminal' | 'asker'> => ({
  terminal: standardTerminal(),
  asker: standardAsker(),
});
