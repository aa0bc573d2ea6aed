import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { AppError, errorCodes } from '../domain/errors.ts';
import { ownPackage } from '../package.ts';
import { flagOf, type SettingName, type Sources, settings } from '../settings.ts';
import { protocolOutput } from '../stdout.ts';
import { standardTerminal } from './terminal.ts';
import { ToolFailure } from './tool-call.ts';

type Options = Record<string, string | number | boolean | undefined>;

/**
 * Runs one command. Resolves to the exit code once it has ended: 0, or 1 when it failed, or what the command says; to
 * undefined when the command goes on by itself (a server). What went wrong, and what to do about it, is on stderr.
 */
export async function runCommandLine(args: readonly string[]): Promise<number | undefined> {
  let exitCode: number | undefined;
  const program = commandLine((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  }
}

function explain(error: unknown): string {
  if (error instanceof ToolFailure) return `${error.message}\n${error.error.hint}`;
  if (error instanceof AppError) return `${error.message}\n${errorCodes[error.code].hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function commandLine(setExitCode: (code: number) => void): Command {
  const { version, description } = ownPackage();
  const program = new Command('whatsapp-hybrid-mcp')
    .description(description)
    .version(version)
    .exitOverride()
    // stdout belongs to the protocol; only the guard knows the way to it.
    .configureOutput({
      writeOut: (text) => protocolOutput.write(text),
      writeErr: (text) => process.stderr.write(text),
    });

  command(program, 'serve', 'MCP server on stdin and stdout (default)', { isDefault: true })
    .addOption(simulatedOption().conflicts(['simulator', 'dataDir']))
    .addOption(simulatorOption())
    .action(async (options: Options) => (await import('./serve.ts')).serve(flags(options), options));
  command(program, 'login', 'link a phone, then fetch and copy its history')
    .option('--phone <number>', 'own number in full (+15550100000): link by a code to type instead of a QR code')
    .option('--no-open', 'do not open the page in a browser; its address is printed in any case')
    .addOption(simulatorOption())
    .action(async (options: Options) =>
      setExitCode(await (await import('./login.ts')).login(flags(options), options, standardTerminal())),
    );
  command(program, 'status', 'what is linked, connected and stored; exit code 0 when all is healthy')
    .option('--json', 'print the answer of backend_status')
    .addOption(simulatorOption())
    .action(async (options: Options) =>
      setExitCode(await (await import('./status.ts')).status(flags(options), options, standardTerminal())),
    );
  command(program, 'doctor', 'looks for what can be wrong and names the fix; exit code 0 well, 1 warnings, 2 faults')
    .option('--json', 'print the findings as JSON')
    .addOption(simulatorOption())
    .action(async (options: Options) =>
      setExitCode(await (await import('./doctor.ts')).doctor(flags(options), options, standardTerminal())),
    );
  command(program, 'demo', 'the whole way from pairing to a search, on a simulated account that leaves nothing behind')
    .option('--messages <number>', 'how many messages the simulated account has', wholeNumber)
    .action(async (options: Options) =>
      setExitCode(await (await import('./demo.ts')).demo(flags(options), options, standardTerminal())),
    );
  program
    .command('simulator')
    .description('a simulated WhatsApp on this machine; prints {"url": …} and serves until its input ends')
    .option('--port <number>', 'port on 127.0.0.1 (default: any free one)', wholeNumber)
    .option('--messages <number>', 'how many messages the account has', wholeNumber)
    .option('--seed <number>', 'another number makes another world', wholeNumber)
    .action(async (options: Options) => setExitCode(await (await import('./simulator.ts')).simulator(options)));
  return program;
}

function command(program: Command, name: string, description: string, options = {}): Command {
  const added = program.command(name, options).description(description);
  for (const setting of Object.keys(settings) as SettingName[]) {
    if (name === 'demo' && setting === 'WHATSAPP_DATA_DIR') continue; // it always has a temporary one
    added.addOption(new Option(`${flagOf(setting)} <value>`, settings[setting].description));
  }
  return added;
}

function simulatedOption(): Option {
  return new Option(
    '--simulated [state]',
    'serve a simulated account whose history waits (fresh) or is copied (synced)',
  )
    .choices(['fresh', 'synced'])
    .preset('fresh');
}

function simulatorOption(): Option {
  return new Option('--simulator <url>', 'connect to the simulated WhatsApp with this document');
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** The settings among the options of a command. */
function flags(options: Options): Sources {
  const given = (Object.keys(settings) as SettingName[]).flatMap((name) => {
    const value = options[new Option(`${flagOf(name)} <value>`).attributeName()];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}
