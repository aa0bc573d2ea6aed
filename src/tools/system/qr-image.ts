import type { Image } from '../define.ts';

/** Pixels of each square: large enough to scan from a screen. */
const scale = 6;

/** The QR code of a text as a PNG, dark on light. */
export async function qrImage(text: string): Promise<Image> {
  const { default: qrCode } = await import('qrcode');
  const png = await qrCode.toBuffer(text, { type: 'png', errorCorrectionLevel: 'L', scale });
  return { mimeType: 'image/png', data: png.toString('base64') };
}
