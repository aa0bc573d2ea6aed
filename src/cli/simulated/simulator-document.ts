import * as z from 'zod';
import type { Config, SimulatorDocument, Sources } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';
import { UserError } from '../refusal.ts';
import { loadConfig, wrongSetting } from '../settings.ts';

const loopback = z.url().refine(isLoopback, 'must be an address of this machine (127.0.0.1, ::1 or localhost)');

const Document = z.object({
  socket_url: loopback,
  media_origin: loopback,
  noise_root: z.string().regex(/^[0-9a-f]{64}$/),
  scan_url: loopback,
  message_url: loopback.optional(),
  now: z.string().optional(),
});

function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}

/**
 * The document of a simulated WhatsApp. Throws `invalid_input` when its address or one inside it is not on this
 * machine, or it is not such a document; UserError when there is no answer.
 */
export async function fetchSimulatorDocument(url: string): Promise<SimulatorDocument> {
  if (!URL.canParse(url) || !isLoopback(url)) {
    throw wrongSetting('--simulator takes an address of this machine, such as http://127.0.0.1:4321/simulator.json');
  }
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) }).catch((error) => {
    throw new UserError(
      `--simulator: no simulator answers at ${url}`,
      'Start one with `whatsapp-hybrid-mcp simulator`, which serves until its input ends, and give the address it prints.',
      { cause: error },
    );
  });
  const parsed = Document.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
    throw wrongSetting(`--simulator: ${url} is not the document of a simulated WhatsApp: ${places}`);
  }
  const { now, message_url, ...document } = parsed.data;
  return { ...document, url, ...(message_url && { message_url }), ...(now !== undefined && { now }) };
}

/** The configuration of a command that can use the simulated WhatsApp of this document. */
export async function loadConfigFor(flags: Sources, simulator: string | undefined): Promise<Config> {
  return loadConfig(flags, simulator === undefined ? {} : { simulator: await fetchSimulatorDocument(simulator) });
}

/** Scans the code as the simulated phone; throws `upstream_rejected` when the phone rejects it. */
export async function scan(document: SimulatorDocument, qr: string): Promise<void> {
  const response = await fetch(document.scan_url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ qr }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok)
    throw new AppError('upstream_rejected', `The simulated phone refused the code (${response.status})`);
}

/** Lets a simulated person send this text; resolves when every linked device has confirmed it. */
export async function receive(document: SimulatorDocument, text: string): Promise<{ devices: number }> {
  if (document.message_url === undefined) throw new AppError('not_supported', 'Nobody writes in this simulator.');
  const response = await fetch(document.message_url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(30_000),
  });
  const Spoken = z.object({ confirmed: z.array(z.string()) });
  const spoken = Spoken.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !spoken.success) {
    throw new AppError('upstream_rejected', `The simulated person could not write (${response.status})`);
  }
  return { devices: spoken.data.confirmed.length };
}
