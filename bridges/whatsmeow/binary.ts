import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AppError } from '../../src/domain/errors.ts';
import { packageRoot } from '../../src/package.ts';
import { type BuildOptions, buildBridge } from './build.ts';

/**
 * The program wa-bridge on this machine. `from` names its source: a setting, a prebuilt package, or the Go compiler.
 */
export interface BridgeBinary {
  path: string;
  from: 'setting' | 'package' | 'build';
}

/** The npm package with the program for a system and a processor, named as Node names them. */
export function platformPackage(platform: string = process.platform, arch: string = process.arch): string {
  return `@whatsapp-hybrid-mcp/bridge-${platform}-${arch}`;
}

/** The path of the program in such a package. */
export function binaryInPackage(platform: string = process.platform): string {
  return platform === 'win32' ? 'bin/wa-bridge.exe' : 'bin/wa-bridge';
}

/**
 * The program on this machine, without a build: from the setting, else from the package for this platform. Undefined
 * where there is neither. Throws `invalid_input` when the setting names no file.
 */
export function presentBinary(setting: string | null, root: string = packageRoot()): BridgeBinary | undefined {
  if (setting !== null) {
    if (existsSync(setting)) return { path: setting, from: 'setting' };
    throw new AppError('invalid_input', 'WHATSAPP_BRIDGE_BIN names a file that is not there.');
  }
  try {
    const require = createRequire(`${root}/package.json`);
    return { path: require.resolve(`${platformPackage()}/${binaryInPackage()}`), from: 'package' };
  } catch {
    return undefined;
  }
}

/**
 * The program, built from source if no other is present, which takes minutes the first time. Throws
 * `bridge_unavailable` that names the ways to get one, or the compiler's error.
 */
export async function findBinary(
  setting: string | null,
  options: Omit<BuildOptions, 'simulator'> = {},
): Promise<BridgeBinary> {
  const present = presentBinary(setting);
  if (present) return present;
  const path = await built({ simulator: false, ...options });
  if (path !== undefined) return { path, from: 'build' };
  throw new AppError(
    'bridge_unavailable',
    `There is no wa-bridge here. Install ${platformPackage()} beside this package, or install Go (https://go.dev/dl) so that it can be built, or set WHATSAPP_BRIDGE_BIN to a wa-bridge that you have.`,
  );
}

/** As buildBridge; rejects with BuildFailed. */
export function built(options: BuildOptions): Promise<string | undefined> {
  return buildBridge(options).catch((error: unknown) => {
    throw new BuildFailed(error);
  });
}

/** There is a Go, and it did not make the program. */
export class BuildFailed extends AppError {
  constructor(cause: unknown) {
    super('bridge_unavailable', `wa-bridge could not be built: ${buildFault(cause)}`, { cause });
  }
}

/** What the compiler said first, in one line; the rest follows from it. */
export function buildFault(error: unknown): string {
  const { stderr } = error as { stderr?: unknown };
  const lines = String(stderr || (error instanceof Error ? error.message : error)).split('\n');
  return (lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? 'no reason was given').slice(0, 300);
}
