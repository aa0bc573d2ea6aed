import {
  type BinaryNode,
  Curve,
  encodeBinaryNode,
  makeNoiseHandler,
  NOISE_WA_HEADER,
  proto,
  WA_CERT_DETAILS,
} from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { issueIdentity } from '../../../src/simulator/wire/certificate.ts';
import { NoiseResponder } from '../../../src/simulator/wire/noise.ts';
import { useStrictCurve } from '../strict-curve.ts';

const identity = issueIdentity(1);
const payload = proto.ClientPayload.fromObject({ device: 7, pushName: 'Morgan Test' });
const logger = pino({ level: 'silent' });

type Client = ReturnType<typeof makeNoiseHandler>;
type Transmit = (bytes: Buffer) => void;

interface Meeting {
  client: Client;
  responder: NoiseResponder;
  stanzas: BinaryNode[];
  greeting: { payload: proto.ClientPayload; key: Buffer };
  staticKey: Buffer;
  /** The stanzas that the client receives from now on. */
  heard: BinaryNode[];
}

/** A complete handshake between the library's client side and the responder; `send` may split the bytes anywhere. */
async function meet(routingInfo?: Buffer, cut: (bytes: Buffer, send: Transmit) => void = (bytes, send) => send(bytes)) {
  const ephemeral = Curve.generateKeyPair();
  const staticKey = Curve.generateKeyPair();
  const client = makeNoiseHandler({ keyPair: ephemeral, NOISE_HEADER: NOISE_WA_HEADER, logger, routingInfo });
  const meeting = { client, stanzas: [], heard: [], staticKey: Buffer.from(staticKey.public) } as unknown as Meeting;
  const frames: Buffer[] = [];
  meeting.responder = new NoiseResponder(identity, {
    transmit: (frame) => frames.push(frame),
    onClientHello: (said, key) => {
      meeting.greeting = { payload: said, key };
    },
    stanza: (stanza) => void meeting.stanzas.push(stanza),
  });
  const send = (bytes: Uint8Array) =>
    cut(client.encodeFrame(bytes) as Buffer, (part) => meeting.responder.receive(part));
  send(proto.HandshakeMessage.encode({ clientHello: { ephemeral: ephemeral.public } }).finish());
  let hello: proto.HandshakeMessage | undefined;
  await client.decodeFrame(frames.shift() as Buffer, (frame) => {
    hello = proto.HandshakeMessage.decode(frame as Uint8Array);
  });
  const sealedStatic = client.processHandshake(hello as proto.HandshakeMessage, staticKey);
  const sealedPayload = client.encrypt(proto.ClientPayload.encode(payload).finish());
  send(proto.HandshakeMessage.encode({ clientFinish: { static: sealedStatic, payload: sealedPayload } }).finish());
  await client.finishInit();
  frames.push = (...later) => {
    for (const frame of later) void client.decodeFrame(frame, (stanza) => meeting.heard.push(stanza as BinaryNode));
    return later.length;
  };
  return meeting;
}

beforeAll(() => {
  useStrictCurve();
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(identity.root);
});

const ping = (id: string): BinaryNode => ({ tag: 'iq', attrs: { id, type: 'get', xmlns: 'w:p' } });

async function settled(meeting: Meeting, count: number): Promise<void> {
  while (meeting.stanzas.length < count) await new Promise(setImmediate);
}

describe('the Noise channel', () => {
  it("learns the client's payload and key", async () => {
    const { greeting, staticKey } = await meet();
    expect(greeting.payload).toMatchObject({ device: 7, pushName: 'Morgan Test' });
    expect(greeting.key).toEqual(staticKey);
  });

  it('accepts routing bytes before the header, as clients send them on later connections', async () => {
    const { greeting, staticKey } = await meet(Buffer.from('routing info of any length'));
    expect(greeting.key).toEqual(staticKey);
  });

  it('carries stanzas both ways, in order', async () => {
    const meeting = await meet();
    for (const id of ['1', '2', '3'])
      meeting.responder.receive(meeting.client.encodeFrame(encodeBinaryNode(ping(id))) as Buffer);
    await settled(meeting, 3);
    expect(meeting.stanzas.map(({ attrs }) => attrs['id'])).toEqual(['1', '2', '3']);
    for (const id of ['4', '5']) meeting.responder.send(ping(id));
    while (meeting.heard.length < 2) await new Promise(setImmediate);
    expect(meeting.heard.map(({ attrs }) => attrs['id'])).toEqual(['4', '5']);
  });

  it('accepts bytes in any portions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (sizes) => {
        let turn = 0;
        const cut = (bytes: Buffer, send: Transmit) => {
          for (let at = 0; at < bytes.length; ) {
            const size = sizes[turn++ % sizes.length] as number;
            send(bytes.subarray(at, at + size));
            at += size;
          }
        };
        const meeting = await meet(undefined, cut);
        cut(meeting.client.encodeFrame(encodeBinaryNode(ping('1'))) as Buffer, (part) =>
          meeting.responder.receive(part),
        );
        await settled(meeting, 1);
        expect(meeting.stanzas[0]).toMatchObject(ping('1'));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses changed frames, and data that is not from a client', async () => {
    const meeting = await meet();
    const frame = meeting.client.encodeFrame(encodeBinaryNode(ping('1'))) as Buffer;
    frame[frame.length - 1] = (frame.at(-1) as number) ^ 1;
    expect(() => meeting.responder.receive(frame)).toThrow();
    const stranger = new NoiseResponder(identity, { transmit: () => {}, onClientHello: () => {}, stanza: () => {} });
    expect(() => stranger.receive(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow('not a WhatsApp client');
  });

  it('sends one frame per transmission, and none before the handshake is over', async () => {
    const frames: Buffer[] = [];
    const early = new NoiseResponder(identity, {
      transmit: (frame) => frames.push(frame),
      onClientHello: () => {},
      stanza: () => {},
    });
    expect(() => early.send(ping('1'))).toThrow('the handshake is not over');
    expect(frames).toEqual([]);
  });
});
