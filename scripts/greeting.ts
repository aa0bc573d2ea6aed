import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import {
  type InitializeResult,
  isJSONRPCResultResponse,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js';
import { type Clock, clockIn } from '../src/domain/time/moment.ts';
import { Zone } from '../src/domain/time/zone.ts';
import type { Greeting } from '../src/server/greeting.ts';
import { offerOf } from '../src/server/offer.ts';
import { createServer } from '../src/server/server.ts';
import { catalog } from '../src/tools/catalog.ts';

const anyClock = clockIn(new Zone('UTC'));

/** The server's answer to a client that requests this protocol version. */
export async function answerTo(protocolVersion: string, clock: Clock = anyClock): Promise<InitializeResult> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const unused = () => Promise.reject(new Error('greeting asks for nothing else'));
  const server = createServer({ catalog, runTool: unused, lookup: { complete: unused, resolve: unused }, clock });
  await server.connect(far);
  try {
    const answer = new Promise<unknown>((resolve) => {
      near.onmessage = resolve;
    });
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'build', version: '0' } };
    await near.send({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
    const message = await answer;
    if (!isJSONRPCResultResponse(message)) throw new Error('the server did not answer initialize');
    return message.result as InitializeResult;
  } finally {
    await server.close();
  }
}

/** The answers for all versions, which differ only in the version; their instructions name no day yet. */
export async function greetingOf(): Promise<Greeting> {
  const { protocolVersion: otherwise, ...result } = await answerTo('a version that nobody knows');
  return {
    versions: SUPPORTED_PROTOCOL_VERSIONS,
    otherwise,
    result: { ...result, instructions: offerOf(catalog).instructions },
  };
}
