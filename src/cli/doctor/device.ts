import { existsSync } from 'node:fs';
import { additional, readCredentials } from '../../../bridges/baileys/library/credentials.ts';
import { viewAuth } from '../../store/salvage/inspect.ts';
import { createDeviceLock } from '../../store/sqlite/lock.ts';
import { type Check, type DoctorEnvironment, fail, ok, warn } from './check.ts';

const link = 'Run `whatsapp-hybrid-mcp login`, or let the agent call start_pairing.';

function storedCredentials({ paths }: DoctorEnvironment) {
  if (!existsSync(paths.auth)) return null;
  const view = viewAuth(paths.auth);
  try {
    return readCredentials(view);
  } finally {
    view.close();
  }
}

export const credentials: Check = {
  name: 'credentials',
  run(site) {
    if (site.config.bridge === 'whatsmeow') return ok('Baileys is left out by WHATSAPP_BRIDGE.');
    try {
      const found = storedCredentials(site);
      if (!found) return warn('No phone is linked.', link);
      const simulated = additional(found).sim === true;
      if (simulated === (site.config.simulator !== null)) return ok('A phone is linked.');
      return fail(
        simulated ? 'They belong to a simulated account.' : 'They belong to a real account.',
        'Use another WHATSAPP_DATA_DIR for simulated accounts.',
      );
    } catch {
      return fail('auth.db cannot be read.', `Move it away and remove the device on the phone. Then: ${link}`);
    }
  },
};

const ownerOf = ({ paths }: DoctorEnvironment) =>
  existsSync(paths.lock) ? createDeviceLock(paths.lock).owner() : null;

export const lockOwner: Check = {
  name: 'lock',
  run(site) {
    const owner = ownerOf(site);
    if (owner === null) return ok('Nobody has the connection.');
    if (owner.pid === 0) return ok('Another process is just taking the connection.');
    if (site.isAlive(owner.pid)) return ok(`Process ${owner.pid} has had the connection since ${owner.started}.`);
    return warn(
      `Process ${owner.pid}, which is not of this machine, has the connection since ${owner.started}.`,
      'Stop the server on the other machine or container: a data directory is for one machine.',
    );
  },
};

/** States without a fault, or in which another process does the work. */
const well = ['syncing', 'ready', 'connecting'];

export const bridge: Check = {
  name: 'bridge',
  needsSoundFiles: true,
  async run(site) {
    if (site.config.bridge === 'whatsmeow') return ok('Baileys is left out by WHATSAPP_BRIDGE.');
    if (!isLinked(site)) return warn('Not linked, so not tried.', link);
    if (ownerOf(site) !== null) return ok('Another process has the connection.');
    const { state, message, next_step } = await site.bridge();
    const said = `${state}${message ? `: ${message}` : ''}`;
    if (well.includes(state)) return ok(said);
    const fix = next_step ?? 'Call backend_status, or run `whatsapp-hybrid-mcp status`.';
    return state === 'degraded' ? warn(said, fix) : fail(said, fix);
  },
};

function isLinked(site: DoctorEnvironment): boolean {
  try {
    return storedCredentials(site) !== null;
  } catch {
    return false;
  }
}
