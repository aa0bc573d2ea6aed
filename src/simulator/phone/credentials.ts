import {
  type AuthenticationCreds,
  BufferJSON,
  Curve,
  initAuthCreds,
  WA_ADV_DEVICE_SIG_PREFIX,
} from '@whiskeysockets/baileys';
import { signDeviceIdentity } from '../account/device-identity.ts';
import type { SimulatorContext } from '../context.ts';
import { typed } from '../wire/keys.ts';
import { announceDevices } from './phone.ts';

/** Links a new device without any pairing and returns its Baileys credentials as JSON (BufferJSON). */
export function issueCredentials(context: SimulatorContext): string {
  const { account } = context;
  const creds: AuthenticationCreds = initAuthCreds();
  const { signedIdentityKey, signedPreKey, registrationId, noiseKey } = creds;
  const device = account.register({
    noiseKey: Buffer.from(noiseKey.public),
    bundle: {
      registrationId,
      identity: signedIdentityKey.public,
      signedPreKey: {
        id: signedPreKey.keyId,
        key: signedPreKey.keyPair.public,
        signature: signedPreKey.signature,
      },
    },
  });
  const signed = signDeviceIdentity(account.phoneIdentity, signedIdentityKey.public, device.keyIndex);
  const ownWord = [WA_ADV_DEVICE_SIG_PREFIX, signed.details, signedIdentityKey.public, signed.accountSignatureKey];
  const deviceSignature = Buffer.from(Curve.sign(signedIdentityKey.private, Buffer.concat(ownWord)));
  creds.account = { ...signed, deviceSignature };
  creds.me = { id: device.jid, lid: device.lid, name: account.me.name };
  creds.signalIdentities = [
    { identifier: { name: device.lid, deviceId: 0 }, identifierKey: typed(account.phoneIdentity.public) },
  ];
  creds.platform = 'android';
  announceDevices(context, device);
  return JSON.stringify(creds, BufferJSON.replacer);
}
