import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { operations } from '../../../bridges/operations/catalog.ts';
import { ProblemSchema } from '../../../bridges/whatsmeow/contract/problem.ts';
import { WireStatusSchema } from '../../../bridges/whatsmeow/contract/status.ts';
import { exampleOf, openapi, type WireExample, wireOperations } from '../../../scripts/openapi.ts';
import { errorCodes } from '../../../src/domain/errors.ts';

const folder = new URL('../../../bridges/whatsmeow/contract/', import.meta.url);

interface Body {
  content: { 'application/json': { schema: z.core.JSONSchema.JSONSchema } };
}
interface Contract {
  paths: Record<string, { post?: { requestBody: Body; responses: { 200: Body } } }>;
}

const contract = openapi() as Contract;

/** The request and reply schemas in openapi.json, without our own schemas. */
function written(name: string): { request: z.ZodType; reply: z.ZodType } {
  const post = contract.paths[`/v1/${name}`]?.post;
  if (post === undefined) throw new Error(`openapi.json has no ${name}`);
  const read = (body: Body) => z.fromJSONSchema(body.content['application/json'].schema);
  return { request: read(post.requestBody), reply: read(post.responses[200]) };
}

describe('The contract with wa-bridge', () => {
  test('has an example of every operation, and of nothing else: write one to examples/<noun.verb>.json', () => {
    const names = readdirSync(new URL('examples', folder)).map((file) => file.replace(/\.json$/, ''));
    expect(names.sort()).toEqual([...wireOperations, 'problem', 'status'].sort());
  });

  test('offers what wa-bridge is on the route of and what names its bridge, and not the rest', () => {
    expect(wireOperations).toEqual(expect.arrayContaining(['connection.pair', 'business.profile']));
    expect(contract.paths).not.toHaveProperty('/v1/history.full');
    const posts = Object.keys(contract.paths).filter((path) => contract.paths[path]?.post !== undefined);
    const handshake = ['/v1/hello', '/v1/proof'];
    expect(posts).toEqual([...handshake, ...wireOperations.map((name) => `/v1/${name}`)]);
  });

  test.each(wireOperations)('shows %s as its schemas have it', (name) => {
    const { request, reply } = exampleOf(name) as WireExample;
    const { input, output } = operations[name];
    expect(input.parse(request), 'a field of the request is unknown').toEqual(request);
    expect(output.parse(reply), 'a field of the reply is unknown').toEqual(reply);
    expect(written(name).request.parse(request)).toEqual(request);
    expect(written(name).reply.parse(reply)).toEqual(reply);
  });

  test.each(wireOperations)('refuses an unknown field in a request of %s, and allows one in a reply', (name) => {
    const { request, reply } = exampleOf(name) as { request: object; reply: object };
    expect(written(name).request.safeParse({ ...request, more: 1 }).success).toBe(false);
    expect(written(name).reply.safeParse({ ...reply, more: 1 }).success).toBe(true);
  });

  test('shows a status and a failure as their schemas have them', () => {
    expect(WireStatusSchema.parse(exampleOf('status'))).toEqual(exampleOf('status'));
    const problem = ProblemSchema.parse(exampleOf('problem'));
    expect(problem).toEqual(exampleOf('problem'));
    const { status, retryable } = errorCodes[problem.code];
    expect([problem.status, problem.retryable]).toEqual([status, retryable]);
  });

  test('contains no real person', () => {
    const text = readdirSync(new URL('examples', folder))
      .map((file) => readFileSync(new URL(`examples/${file}`, folder), 'utf8'))
      .join('\n');
    const addresses = [...text.matchAll(/([^"\s:]+)(?::\d+)?@(?:s\.whatsapp\.net|lid|g\.us)/g)].map(
      ([, user = '']) => user,
    );
    expect(addresses.length).toBeGreaterThan(2);
    expect(addresses.filter((user) => !/^(1555010\d{4}|2000000000\d{4}|120363\d{12})$/.test(user))).toEqual([]);
    const hosts = [...text.matchAll(/https?:\/\/([^/"]+)/g)].map(([, host = '']) => host);
    expect(hosts.filter((host) => !/(\.example|\.whatsapp\.net)$/.test(host))).toEqual([]);
  });
});
