import { Command, CommanderError, Option } from 'commander';
import { ownPackage } from '../package.ts';
import { flagOf, type SettingName, type Sources, servedSettings, settings } from '../settings.ts';
import { protocolOutput } from '../stdout.ts';
import { type CommandSpec, commands, type Options, people } from './commands.ts';
import { UserError } from './refusal.ts';
import { note, withoutControls } from './terminal.ts';
import { ToolFailure } from './tool-call.ts';

/**
 * Runs one command. Resolves to the exit code when it ends (0, 1 after an error, or the command's own), or to undefined
 * when the command keeps running (a server). Errors and their fixes go to stderr.
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
    note(await explain(error));
    return 1;
  }
}

async function explain(error: unknown): Promise<string> {
  if (error instanceof ToolFailure) return `${error.message}\n${error.error.hint}`;
  if (error instanceof UserError) return `${error.message}\n${error.nextStep}`;
  const { asStoreFailure } = await import('../store/files/failure.ts'); // it loads SQLite, which a start must not wait for
  const known = asStoreFailure(error);
  if (known) return `${known.message}\n${known.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function commandLine(setExitCode: (code: number | undefined) => void): Command {
  const { name, version, description } = ownPackage();
  const program = new Command(name)
    .description(description)
    .version(version)
    .exitOverride()
    // stdout belongs to the protocol; only the guard writes to it.
    .configureOutput({
      writeOut: (text) => protocolOutput.write(text),
      writeErr: (text) => process.stderr.write(withoutControls(text)),
    });
  for (const spec of commands) addCommand(program, spec, setExitCode);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, setExitCode: (code: number | undefined) => void): void {
  const command = program
    .command(spec.name, { isDefault: spec.isDefault === true })
    .description(spec.description)
    .addHelpText('after', `\nExample:\n  ${program.name()} ${spec.example}`);
  if (spec.argument) command.addArgument(spec.argument);
  for (const option of [...spec.options, ...settingOptions(spec)]) command.addOption(option);
  command.action(async (...given) => {
    const options = command.opts<Options>();
    const argument = spec.argument && given[0] !== undefined ? String(given[0]) : '';
    setExitCode(await spec.run({ flags: flags(options), options, argument, ...people() }));
  });
}

function settingOptions({ without = [], isDefault }: CommandSpec): Option[] {
  const names = (Object.keys(settings) as SettingName[]).filter((name) => without !== 'all' && !without.includes(name));
  return names.filter((name) => isDefault || !servedSettings.includes(name)).map(optionOf);
}

/** One that only the server obeys and that is true or false means true when it stands alone. */
function optionOf(name: SettingName): Option {
  const alone = servedSettings.includes(name) && 'choices' in settings[name].takes;
  const option = new Option(`${flagOf(name)} ${alone ? '[value]' : '<value>'}`, settings[name].description);
  return alone ? option.preset('true') : option;
}

/** The settings among the options of a command. */
function flags(options: Options): Sources {
  const given = (Object.keys(settings) as SettingName[]).flatMap((name) => {
    const value = options[optionOf(name).attributeName()];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}
