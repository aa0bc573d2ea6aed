import type { DoctorEnvironment } from '../../../src/cli/doctor/check.ts';
import { examine } from '../../../src/cli/doctor.ts';
import { dataPaths } from '../../../src/config.ts';
import { openAuth } from '../../../src/store/auth.ts';
import { testConfig } from '../fakes/config.ts';
import { MessagesDb } from '../rows/messages-db.ts';

export const healthyBridge = { state: 'ready', connected: true, message: null, next_step: null };

/** A data directory for doctor to check. */
export class DoctorSite extends MessagesDb {
  /** A healthy environment, apart from the test's changes. */
  site(changes: Partial<DoctorEnvironment> = {}): DoctorEnvironment {
    return {
      config: testConfig(this.folder),
      settingsFault: null,
      isRefused: false,
      paths: dataPaths(this.folder),
      nodeVersion: 'v20.18.0',
      now: Date.now,
      freeBytes: () => 2 ** 40,
      isAlive: () => true,
      bridge: async () => healthyBridge,
      waBridge: async () => ({
        state: 'not_configured',
        linked: false,
        connected: false,
        jid: null,
        lid: null,
        message: null,
      }),
      ...changes,
    };
  }

  /** Credentials as after a completed pairing. */
  link(additionalData = {}): void {
    const keys = openAuth(this.paths.auth);
    const value = JSON.stringify({ me: { id: '15550100:1@s.whatsapp.net' }, account: {}, additionalData });
    keys.set([{ type: 'creds', id: 'self', value }]);
    keys.close();
  }

  async finding(name: string, changes: Partial<DoctorEnvironment> = {}) {
    const { checks } = await examine(this.site(changes));
    return checks.find((check) => check.name === name);
  }
}
