import pino from 'pino';
import type { Settings } from './config.ts';
import { consoleLines } from './stdout.ts';

export type Logger = pino.Logger;

/** Fields that hold keys, message text or addresses, because libraries log whole objects that contain them. */
const secretFields = [
  'content text body conversation caption message pushName notify name subject',
  'qr code pairingCode creds keys key privKey private noiseKey signedIdentityKey advSecretKey mediaKey buffer',
  'jid lid pn phone participant recipient remoteJid from to me user details candidates',
].flatMap((line) => line.split(' '));

const address = /[\w.-]{5,}(?=(?:_\d+)?(?::\d+)?@(?:s\.whatsapp\.net|c\.us|lid|g\.us|newsletter|hosted))/g;
const phone = /\+\d[\d ()-]{6,}\d/g;

/** An error without added fields; its stack begins with its message. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  const cause = error.cause === undefined ? {} : { cause: serializeError(error.cause) };
  return { type: error.constructor.name, ...(typeof code === 'string' && { code }), stack: error.stack, ...cause };
}

/** Characters that control a terminal or reverse text; JSON escapes only some of them. */
const steering = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;
const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Removes addresses and phone numbers from a finished line and escapes terminal control characters. */
export function scrub(line: string): string {
  return line.replace(address, '…').replace(phone, '+…').replace(steering, escaped);
}

function standardError(): pino.DestinationStream {
  const stderr = pino.destination({ fd: 2, sync: true });
  stderr.on('error', () => {}); // stderr is closed: there is no reader left
  return stderr;
}

/**
 * A logger, by default on stderr and written synchronously so that the last line before an exit is not lost. Never
 * prints keys, message text or phone numbers, at any level. Lines that libraries print with console.* become debug
 * lines.
 */
export function createLogger(
  level: Settings['WHATSAPP_LOG_LEVEL'],
  destination: pino.DestinationStream = standardError(),
): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '…' },
    serializers: { err: serializeError },
    hooks: { streamWrite: scrub },
  };
  const logger = pino(options, destination);
  consoleLines.print = (line) => logger.debug(line);
  return logger;
}
