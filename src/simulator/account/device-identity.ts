import { Curve, hmacSign, type KeyPair, proto, WA_ADV_ACCOUNT_SIG_PREFIX } from '@whiskeysockets/baileys';

/**
 * The phone's signature that a companion belongs to the account. Types are 0/0, as for any account that is not hosted.
 */
export function signDeviceIdentity(
  phone: KeyPair,
  companionIdentity: Uint8Array,
  keyIndex: number,
): { details: Buffer; accountSignature: Buffer; accountSignatureKey: Buffer } {
  const details = Buffer.from(
    proto.ADVDeviceIdentity.encode({
      rawId: 1,
      timestamp: Math.floor(Date.now() / 1000),
      keyIndex,
      accountType: proto.ADVEncryptionType.E2EE,
      deviceType: proto.ADVEncryptionType.E2EE,
    }).finish(),
  );
  const signed = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, companionIdentity]);
  return {
    details,
    accountSignature: Buffer.from(Curve.sign(phone.private, signed)),
    accountSignatureKey: Buffer.from(phone.public),
  };
}

/** The same, sealed with the secret from the QR code: content of `<device-identity>` in pair-success. */
export function sealDeviceIdentity(
  phone: KeyPair,
  companionIdentity: Uint8Array,
  keyIndex: number,
  advSecret: string,
): Uint8Array {
  const details = proto.ADVSignedDeviceIdentity.encode(signDeviceIdentity(phone, companionIdentity, keyIndex)).finish();
  const hmac = hmacSign(Buffer.from(details), Buffer.from(advSecret, 'base64'));
  return proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac }).finish();
}
