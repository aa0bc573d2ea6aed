import type { Config } from '../../../src/config.ts';
import type { BridgeLog, MessageSource } from '../../bridge.ts';
import { authenticationState, type KeyStore } from '../library/key-store.ts';
import type { AuthenticationCreds, Library, proto } from '../library/library.ts';
import { libraryLogger } from '../library/logger.ts';
import { connectionOverrides } from '../library/overrides.ts';
import type { InboundJournal } from '../receive/journal.ts';
import { chatOf } from '../translate/key.ts';

export interface OptionParts {
  library: Library;
  config: Config;
  source: MessageSource;
  log: BridgeLog;
  creds: AuthenticationCreds;
  keyStore: KeyStore;
  journal: InboundJournal;
}

/**
 * The library asks about notifications it invented (nothing but a sync type) to find out whether to warn and whether to
 * hold back all events until history comes. Real ones are answered with no: history is our own work (history.ts). Of
 * the invented ones RECENT is the question whether to wait, and the answer is no too; the others keep it from warning.
 */
function shouldSyncHistoryMessage(library: Library) {
  const { RECENT } = library.proto.HistorySync.HistorySyncType;
  return (notification: proto.Message.IHistorySyncNotification): boolean => {
    const invented = Object.entries(notification).every(([field, value]) => field === 'syncType' || value == null);
    return invented && notification.syncType !== RECENT;
  };
}

type Options = Parameters<Library['makeWASocket']>[0];

/** Everything makeWASocket is told. */
export function socketOptions(parts: OptionParts): Options & { browser: [string, string, string] } {
  const { library, config, source, log, creds, keyStore, journal } = parts;
  const [, platform, version] = library.Browsers.macOS('Desktop'); // "Desktop" gets the longest history
  return {
    auth: authenticationState(creds, keyStore),
    logger: libraryLogger(log),
    browser: [config.deviceName, platform, version],
    syncFullHistory: true,
    shouldSyncHistoryMessage: shouldSyncHistoryMessage(library),
    markOnlineOnConnect: false, // else the phone stops notifying its user
    generateHighQualityLinkPreview: false,
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 }, // SQLite has waited already
    makeSignalRepository: journal.makeSignalRepository,
    getMessage: async (key) => {
      const chat = chatOf(key);
      const raw = chat && key.id ? source.rawMessage(chat, key.id) : undefined;
      return raw ? (library.proto.WebMessageInfo.decode(raw).message ?? undefined) : undefined;
    },
    ...connectionOverrides(library, config.simulator),
  };
}
