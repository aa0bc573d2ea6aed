import { isUtf8 } from 'node:buffer';
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bridgePaths } from '../../config.ts';
import { type Check, type DoctorEnvironment, type Finding, fail, ok, worst } from './check.ts';
import { reasonOf } from './failure.ts';

interface SmallFile {
  path: string;
  repair: string;
  /** The fault of its content; null when there is none. */
  fault(content: Buffer): string | null;
}

/** Max size of such a file, far above the usual one. */
const greatestBytes = 1024 * 1024;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function json(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}

function filesOf({ paths, config }: DoctorEnvironment): SmallFile[] {
  const { address, token } = bridgePaths(config.dataDir);
  const again = 'Stop wa-bridge, delete the file, and start wa-bridge again: it is written anew.';
  return [
    {
      path: paths.env,
      repair: 'Write it anew: one NAME=value to a line.',
      fault: (content) => (isUtf8(content) && !content.includes(0) ? null : 'it is no text'),
    },
    {
      path: address,
      repair: again,
      fault(content) {
        const note = json(content);
        return isObject(note) && typeof note['url'] === 'string' && Number.isInteger(note['pid'])
          ? null
          : 'it is damaged';
      },
    },
    {
      path: token,
      repair: again,
      fault: (content) => (/^[\x21-\x7e]{32,}$/.test(content.toString('latin1').trim()) ? null : 'it holds no token'),
    },
    {
      path: join(config.dataDir, 'policy.json'),
      repair: 'Restore it from a backup.',
      fault: (content) => (isObject(json(content)) ? null : 'it is damaged'),
    },
  ];
}

function inspect({ path, repair, fault }: SmallFile): Finding | undefined {
  const name = basename(path);
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return fail(`${name}: it is a link that leads nowhere.`, repair);
    if (!stats.isFile()) return fail(`${name}: it is no regular file.`, repair);
    const found = stats.size > greatestBytes ? 'it is too large' : fault(readFileSync(path));
    return found === null ? ok(name) : fail(`${name}: ${found}.`, repair);
  } catch (error) {
    return fail(`${name} cannot be read: ${reasonOf(error)}.`, 'Let this user read it.');
  }
}

export const smallFiles: Check = {
  name: 'small files',
  run(site) {
    const found = filesOf(site)
      .map(inspect)
      .filter((one) => one !== undefined);
    const ailing = found.filter(({ verdict }) => verdict !== 'ok');
    if (ailing.length > 0) {
      return {
        verdict: worst(ailing),
        message: ailing.map(({ message }) => message).join(' '),
        fix: ailing.map(({ fix }) => fix).join(' '),
      };
    }
    return ok(found.length === 0 ? 'None yet.' : `Readable: ${found.map(({ message }) => message).join(', ')}.`);
  },
};
