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
 * Answers "no" to every notification. The library asks with real notifications, whose history we download ourselves
 * (history.ts), and with invented ones (only a sync type) to decide whether to warn and whether to hold back events
 * until history arrives. For RECENT "no" means: do not hold back; for the other types the answer only controls the
 * warning.
 */
function shouldSyncHistoryMessage(library: Library) {
  const { RECENT } = library.proto.HistorySync.HistorySyncType;
  return (notification: proto.Message.IHistorySyncNotification): boolean => {
    const invented = Object.entries(notification).every(([field, value]) => field === 'syncType' || value == null);
    return invented && notification.syncType !== RECENT;
  };
}

type Options = Parameters<Library['makeWASocket']>[0];

/** All options of makeWASocket. */
export function socketOptions(parts: OptionParts): Options & { browser: [string, string, string] } {
  const { library, config, source, log, creds, keyStore, journal } = parts;
  const [, platform, version] = library.Browsers.macOS('Desktop'); // "Desktop" gets the longest history
  return {
    auth: authenticationState(creds, keyStore),
    logger: libraryLogger(log),
    browser: [config.deviceName, platform, version],
    syncFullHistory: true,
    shouldSyncHistoryMessage: shouldSyncHistoryMessage(library),
    markOnlineOnConnect: false, // otherwise the phone stops notifying its user
    generateHighQualityLinkPreview: false,
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 }, // SQLite itself has waited for the lock
    makeSignalRepository: journal.makeSignalRepository,
    getMessage: async (key) => {
      const chat = chatOf(key);
      const raw = chat && key.id ? source.rawMessage(chat, key.id) : undefined;
      return raw ? (library.proto.WebMessageInfo.decode(raw).message ?? undefined) : undefined;
    },
    ...connectionOverrides(library, config.simulator),
  };
}
