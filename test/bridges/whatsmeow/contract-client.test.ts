import { expect, test } from 'vitest';
import { type OperationName, operations } from '../../../bridges/operations/catalog.ts';
import { ProblemSchema } from '../../../bridges/whatsmeow/contract/problem.ts';
import { exampleOf, type WireExample, wireOperations } from '../../../scripts/openapi.ts';
import { type FakeWaBridge, fakeWaBridge, json } from '../../support/fakes/fake-wa-bridge.ts';
import { ask, failureOf, nearEnd } from './near-end.ts';

interface Scene {
  fake: FakeWaBridge;
  example: WireExample;
  /** Sends the example's request through the client. */
  asked(): Promise<unknown>;
}

/** A wa-bridge with this answer to an operation. */
async function sceneOf(name: OperationName, status: number, body: unknown, type: string): Promise<Scene> {
  const fake = await fakeWaBridge();
  fake.operations = [...wireOperations];
  fake.answers[`/v1/${name}`] = (_request, response) => json(response, status, body, type);
  const bridge = nearEnd(fake);
  const example = exampleOf(name) as WireExample;
  const input = operations[name].input.parse(example.request);
  return { fake, example, asked: () => ask(bridge, name, input as never) };
}

test.each(wireOperations)('the client asks for %s as the example does, and hands its reply on', async (name) => {
  const { reply } = exampleOf(name) as WireExample;
  const { fake, example, asked } = await sceneOf(name, 200, reply, 'application/json');
  expect(await asked()).toEqual(reply);
  expect(fake.seen.at(-1)).toMatchObject({ method: 'POST', path: `/v1/${name}`, body: example.request });
});

test.each(wireOperations)('the client takes a failure of %s as the example tells it', async (name) => {
  const { code, status } = ProblemSchema.parse(exampleOf('problem'));
  const { asked } = await sceneOf(name, status, exampleOf('problem'), 'application/problem+json');
  expect(await failureOf(asked())).toEqual({ code, message: expect.stringContaining(`refused ${name}`) });
});
