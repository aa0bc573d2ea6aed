/**
 * Every failure a caller can see. `status` is the HTTP status on the wire between this process and the Go bridge,
 * `retryable` says whether the same call may succeed later, `hint` is the next step for the agent.
 */
export const errorCodes = {
  invalid_input: { status: 400, retryable: false, hint: 'Correct the arguments named in the message and call again.' },
  not_found: {
    status: 404,
    retryable: false,
    hint: 'Check the identifier; list_chats, list_communities, search_contacts and query_synced_messages show valid ones.',
  },
  ambiguous_recipient: {
    status: 409,
    retryable: false,
    hint: 'Call again with one of the JIDs in details.candidates.',
  },
  not_linked: {
    status: 401,
    retryable: false,
    hint: 'Link a phone: call start_pairing, or run `whatsapp-hybrid-mcp login`.',
  },
  needs_passkey: {
    status: 401,
    retryable: false,
    hint: 'Try start_pairing with method qr. If WhatsApp asks there too, only start_pairing with bridge whatsmeow can link this account.',
  },
  bridge_unavailable: {
    status: 503,
    retryable: true,
    hint: 'Call backend_status to see which bridge is down and why.',
  },
  outcome_unknown: {
    status: 504,
    retryable: false,
    hint: 'It may have been carried out. Look first, with list_messages or get_chat, before repeating it.',
  },
  upstream_unanswered: {
    status: 504,
    retryable: true,
    hint: 'WhatsApp or the phone did not answer. Check that the phone is online and what backend_status says, then try again.',
  },
  upstream_rejected: {
    status: 502,
    retryable: false,
    hint: 'WhatsApp refused the request. Do not repeat it unchanged; backend_status shows whether the account is restricted.',
  },
  not_permitted: {
    status: 403,
    retryable: false,
    hint: 'This account or configuration does not allow it. Tell the user; `whatsapp-hybrid-mcp doctor` shows the configuration.',
  },
  not_supported: {
    status: 501,
    retryable: false,
    hint: 'No configured bridge can do this. Call get_routing_info to see what each one can.',
  },
  media_expired: {
    status: 410,
    retryable: false,
    hint: 'The media is no longer on the server and the phone did not offer it again. get_message shows what is stored of it.',
  },
  rate_limited: {
    status: 429,
    retryable: true,
    hint: 'Wait some minutes before trying again; backend_status shows whether WhatsApp restricts the account.',
  },
  confirmation_required: {
    status: 428,
    retryable: false,
    hint: 'A person has to approve this, outside of this conversation; no argument does. Tell the user what waits, and do not call again.',
  },
  read_only: {
    status: 403,
    retryable: false,
    hint: 'The server only reads. Tell the user, who decides how it is started: `whatsapp-hybrid-mcp serve --help`.',
  },
  account_mismatch: {
    status: 409,
    retryable: false,
    hint: 'Two accounts never share a data directory. Do what the message says; a second account needs another WHATSAPP_DATA_DIR.',
  },
  schema_mismatch: {
    status: 409,
    retryable: false,
    hint: 'The database was made by a newer version; update whatsapp-hybrid-mcp (`whatsapp-hybrid-mcp doctor` names the versions).',
  },
  store_unavailable: {
    status: 503,
    retryable: false,
    hint: 'A file of the data directory cannot be used. Do what the message says; `whatsapp-hybrid-mcp doctor` checks every file.',
  },
  timeout: {
    status: 504,
    retryable: true,
    hint: 'Call again with a longer timeout, or call backend_status and get_baileys_sync_status to see what it waits for.',
  },
  cancelled: {
    status: 499,
    retryable: true,
    hint: 'The call was cancelled. What was done so far is kept; call again to go on.',
  },
  internal: {
    status: 500,
    retryable: false,
    hint: 'A defect on our side. The log on stderr has the details, and `whatsapp-hybrid-mcp doctor` may know the cause.',
  },
  history_sync_failed: {
    status: 502,
    retryable: true,
    hint: 'Call get_baileys_sync_status to see how far the history came, then retrieve_full_history again.',
  },
  history_sync_timeout: {
    status: 504,
    retryable: true,
    hint: 'The history is still arriving. Call get_baileys_sync_status, or retrieve_full_history with a longer timeout.',
  },
  database_sync_failed: {
    status: 500,
    retryable: true,
    hint: 'Nothing was lost: the rows stay staged. Call sync_history_to_database again.',
  },
  database_sync_pending: {
    status: 409,
    retryable: false,
    hint: 'Call sync_history_to_database first: it copies these messages, and after it nothing is lost by clearing.',
  },
  mark_as_read_failed: {
    status: 502,
    retryable: true,
    hint: 'Messages were copied but not marked as read. Call again to mark the rest.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; hint: string }>;

export type ErrorCode = keyof typeof errorCodes;

interface AppErrorOptions extends ErrorOptions {
  details?: Record<string, unknown>;
  /** A next step for this case, where it differs from that of the code. */
  hint?: string;
  /** Whether the same call may succeed later, where that differs from the code. */
  retryable?: boolean;
}

/** The one error class that crosses layers. Its message never contains text written by other people. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint ?? errorCodes[code].hint;
    this.retryable = options.retryable ?? errorCodes[code].retryable;
    this.details = options.details;
  }
}
