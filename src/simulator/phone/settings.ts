import { chatModificationToAppPatch } from '@whiskeysockets/baileys';
import { type Modification, nameOf } from '../account/app-state.ts';
import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import { node, seconds } from '../wire/node.ts';
import { newMessageId } from '../wire/stanza-id.ts';

/** Actions on the phone other than writing; every linked device is notified of a change. */
export class Settings {
  private readonly context: SimulatorContext;

  constructor(context: SimulatorContext) {
    this.context = context;
  }

  /** Archives, pins, mutes or marks a chat; resolves when the notification is in every device's queue. */
  async modify(jid: string, ...modifications: Modification[]): Promise<void> {
    await this.publish(modifications.map((modification) => chatModificationToAppPatch(modification, jid)));
  }

  /** Saves a person under this name in the address book. */
  async name(pn: string, fullName: string): Promise<void> {
    await this.publish([nameOf(pn, fullName, this.context.account.person(pn)?.lid)]);
  }

  /** From now on, settings are announced as files on the media server. */
  keepAsFiles(): void {
    this.context.appState.asFiles = true;
  }

  /** Publishes several changes in one notification. */
  private async publish(patches: Parameters<SimulatorContext['appState']['append']>[0]): Promise<void> {
    const { account, appState } = this.context;
    const names = await Promise.all(patches.map((patch) => appState.append([patch])));
    for (const device of account.devices.values()) {
      const collections = names.map((name) => node('collection', { name, version: appState.version(name) }));
      const attrs = { from: account.me.pn, type: 'server_sync', id: newMessageId(), t: seconds() };
      device.deliver(node('notification', attrs, collections));
      announceIdle(this.context, device);
    }
  }
}
