import type { AllowanceStore, Used } from '../../../src/domain/allowance.ts';
import type { HistoryProgress } from '../../../src/domain/history.ts';
import type { Bridges } from '../../../src/router/routing.ts';
import type { Services } from '../../../src/services.ts';
import type { ChatView, ContactView, MessageDetail, MessageView, Reader } from '../../../src/store/reader.ts';
import type { Sync, TransferResult } from '../../../src/sync/sync.ts';
import { fakeBridge, fakeBridges } from './fake-bridge.ts';
import { storedPage } from './pages.ts';

export function historyProgress(changes: Partial<HistoryProgress> = {}): HistoryProgress {
  return {
    status: 'in_progress',
    syncing: true,
    progressPercent: 40,
    messagesSynced: 0,
    chatsSynced: 0,
    syncType: 'full',
    startedAt: null,
    lastChunkAt: null,
    missingParts: 0,
    completedAt: null,
    ...changes,
  };
}

export function messageView(changes: Partial<MessageView> = {}): MessageView {
  return {
    id: '3EB0A1',
    chat_jid: '15550100002@s.whatsapp.net',
    chat_name: 'Ada',
    sender: '15550100002@s.whatsapp.net',
    sender_name: 'Ada',
    content: 'Happy birthday',
    timestamp: '2025-02-01T10:00:00Z',
    is_from_me: false,
    type: 'text',
    media_type: null,
    filename: null,
    edited: false,
    quoted_id: null,
    ...changes,
  };
}

function messageDetail(): MessageDetail {
  return {
    ...messageView(),
    sender_jids: { pn: '15550100002@s.whatsapp.net', lid: null },
    quoted: null,
    edits: [],
    reactions: [],
    receipts: [],
    poll: null,
    details: { link: { url: 'https://example.org' } },
    starred: false,
    forwarded: false,
    view_once: false,
    expires_at: null,
    revoked_at: null,
    status: null,
    read: null,
  };
}

export function chatView(changes: Partial<ChatView> = {}): ChatView {
  return {
    chat_jid: '15550100002@s.whatsapp.net',
    name: 'Ada',
    kind: 'direct',
    pn: '15550100002@s.whatsapp.net',
    lid: null,
    parent_jid: null,
    unread_count: 1,
    archived: false,
    pinned: false,
    muted_until: null,
    cleared_at: null,
    last_message_at: '2025-02-01T10:00:00Z',
    last_message: { id: '3EB0A1', sender_name: 'Ada', content: 'Happy birthday', type: 'text', is_from_me: false },
    ...changes,
  };
}

export function contactView(changes: Partial<ContactView> = {}): ContactView {
  return {
    jid: '15550100002@s.whatsapp.net',
    name: 'Ada',
    saved_name: 'Ada',
    push_name: null,
    business_name: null,
    phone: '+15550100002',
    pn: '15550100002@s.whatsapp.net',
    lid: null,
    last_message_at: '2025-02-01T10:00:00Z',
    ...changes,
  };
}

/** A store with one chat and one message; tests replace what they check. */
export function fakeStore(): Reader {
  return {
    messages: {
      query: () => ({
        ...storedPage([{ ...messageView(), snippet: 'Happy birthday' }]),
        total: 1,
        total_is_exact: true,
      }),
      list: () => storedPage([messageView()]),
      get: () => messageDetail(),
      context: () => ({ message: messageView(), before: [], after: [] }),
      statistics: () => ({
        total_messages: 1,
        total_chats: 1,
        total_contacts: 1,
        media_messages: 0,
        text_messages: 1,
        messages_by_type: { text: 1 },
        oldest_message: '2025-02-01T10:00:00Z',
        newest_message: '2025-02-01T10:00:00Z',
      }),
      raw: () => undefined,
      unindexed: () => 0,
      searchWithout: () => {},
      searchNotice: () => null,
    },
    chats: {
      resolve: (recipient) => recipient,
      get: () => ({ ...chatView(), total_messages: 1, participants: null }),
      list: () => ({ ...storedPage([chatView()]), total: 1 }),
      unread: () => ({
        ...storedPage([{ ...chatView(), lines: [messageView()], mentions_of_me: [] }]),
        total: 1,
      }),
    },
    contacts: {
      search: () => ({ ...storedPage([contactView()]), total: 1 }),
      known: (jid) => ({ jid, name: null, pn: null, lid: null }),
      get: () => ({
        ...contactView(),
        chat_jid: '15550100002@s.whatsapp.net',
        last_interaction: '2025-02-01T10:00:00Z',
        shared_chats: 2,
      }),
    },
    communities: {
      list: () => [],
      group: () => ({ name: null, unread_count: 0 }),
      resolve: (recipient) => recipient,
    },
    checkpoints: { list: () => ({ ...storedPage([]), count: 0 }) },
    completions: { complete: () => ({ values: ['Ada'], total: 1 }) },
    health: () => ({ healthy: true, path: 'messages.db', schema_version: 1, total_messages: 1, message: null }),
    notice: () => null,
    close: () => {},
  };
}

export function fakeSync(result: Partial<TransferResult> = {}): Sync {
  const counts = { messages_synced: 0, duplicates_skipped: 0, failed: 0, chats_synced: 0, ...result };
  return {
    transfer: async () => counts,
    async copyHistory(wait) {
      return { ...(await this.transfer('history', wait)), status: 'completed' };
    },
    index: async () => 0,
    clearStaging: async () => ({ messages_deleted: 0 }),
    close: async () => {},
  };
}

/** An allowance that lasts as long as the test. */
export function fakeAllowance(): AllowanceStore {
  let kept: Used | undefined;
  return {
    update(change) {
      kept = change(kept);
    },
  };
}

export interface FakeServices extends Services {
  bridges: Bridges;
  history: { progress(): HistoryProgress; pendingRows(): number };
}

/** Everything that the tools use, without files, threads or sockets; a linked account with a complete history. */
export function fakeServices(changes: Partial<FakeServices> = {}): FakeServices {
  const progress = historyProgress({ status: 'completed', syncing: false, progressPercent: 100, messagesSynced: 1 });
  const full = async () => ({ state: 'ready' as const, pending_chunks: 0 });
  return {
    bridges: fakeBridges(fakeBridge('baileys', 'ready', { 'history.full': full })),
    store: fakeStore(),
    history: { progress: () => progress, pendingRows: () => 0 },
    sync: fakeSync(),
    lookups: fakeAllowance(),
    close: async () => {},
    ...changes,
  };
}
