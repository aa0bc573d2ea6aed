import type { BridgeLog } from '../../bridge.ts';

/** Numbers that could be a phone's, and anything that could be a key. */
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

/** After pairing, and whenever it likes, WhatsApp asks for a new connection: nothing has gone wrong then. */
const isRestart = (fields: unknown): boolean =>
  (fields as { fullErrorNode?: { attrs?: { code?: string } } } | null)?.fullErrorNode?.attrs?.code === '515';

/**
 * The library's logger. It is handed whole stanzas, messages and keys: of its objects only the kind of a failure is
 * kept, of its texts what cannot be a number or a key.
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
