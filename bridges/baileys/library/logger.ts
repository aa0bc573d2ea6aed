import type { BridgeLog } from '../../bridge.ts';

/** Replaces numbers that may be phone numbers and strings that may be keys. */
function redact(text: string): string {
  return text
    .replaceAll(/\d{5,}/g, '#')
    .replaceAll(/[A-Za-z0-9+/=_-]{24,}/g, '…')
    .slice(0, 200);
}

function failureOf(fields: unknown): Record<string, unknown> {
  if (fields === null || typeof fields !== 'object') return {};
  const error = ['err', 'error', 'e'].map((name) => (fields as Record<string, unknown>)[name]).find(Boolean);
  if (!(error instanceof Error)) return {};
  const output = 'output' in error ? (error.output as { statusCode?: unknown } | undefined) : undefined;
  return { error: error.name, reason: redact(error.message), ...(output && { code: output.statusCode }) };
}

/** WhatsApp requests a new connection after pairing and at other times; this is no error. */
const isRestart = (fields: unknown): boolean =>
  (fields as { fullErrorNode?: { attrs?: { code?: string } } } | null)?.fullErrorNode?.attrs?.code === '515';

/**
 * The library's logger. The library logs whole stanzas, messages and keys: we keep only the kind of an error, and
 * redact texts.
 */
export function libraryLogger(log: BridgeLog) {
  const through =
    (level: 'debug' | 'warn' | 'error') =>
    (fields: unknown, message?: string): void => {
      const text = message ?? (typeof fields === 'string' ? fields : '');
      log[isRestart(fields) ? 'debug' : level]({ library: 'baileys', ...failureOf(fields) }, redact(text));
    };
  const drop = (_fields: unknown, _message?: string): void => {};
  const logger = {
    level: 'warn', // at `trace` the library prints stanzas
    child: () => logger,
    trace: drop,
    debug: drop,
    info: through('debug'),
    warn: through('warn'),
    error: through('error'),
  };
  return logger;
}
