import pino from 'pino';
import type { Settings } from './config.ts';
import { consoleLines } from './stdout.ts';

export type Logger = pino.Logger;

/** Fields that hold keys, message text or addresses; a library that logs whole objects logs them too. */
const secretFields = [
  'content text body conversation caption message pushName notify name subject',
  'qr code pairingCode creds keys key privKey private noiseKey signedIdentityKey advSecretKey mediaKey buffer',
  'jid lid pn phone participant recipient remoteJid from to me user details candidates',
].flatMap((line) => line.split(' '));

const address = /[\w.-]{5,}(?=(?:_\d+)?(?::\d+)?@(?:s\.whatsapp\.net|c\.us|lid|g\.us|newsletter|hosted))/g;
const phone = /\+\d[\d ()-]{6,}\d/g;

/** An error without the fields that somebody hung on it: its trace begins with its message. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  const cause = error.cause === undefined ? {} : { cause: serializeError(error.cause) };
  return { type: error.constructor.name, ...(typeof code === 'string' && { code }), stack: error.stack, ...cause };
}

/** What steers a terminal or reverses text; JSON escapes only some of it. */
const steering = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;
const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Takes addresses and phone numbers out of a finished line, wherever they stood, and escapes what steers a terminal. */
export function scrub(line: string): string {
  return line.replace(address, '…').replace(phone, '+…').replace(steering, escaped);
}

function standardError(): pino.DestinationStream {
  const stderr = pino.destination({ fd: 2, sync: true });
  stderr.on('error', () => {}); // it is closed: nobody is left to tell
  return stderr;
}

/**
 * A logger, on stderr by default and there written synchronously so that the last line before an exit is not lost. At no level does it print
 * keys, message text or phone numbers. What libraries print with console.* becomes debug lines of it.
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
