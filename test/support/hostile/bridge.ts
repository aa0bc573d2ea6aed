import * as z from 'zod';
import { type Handlers, operations } from '../../../bridges/operations/catalog.ts';
import { fakeBridge, fakeBridges } from '../fakes/fake-bridge.ts';
import { hostileText } from './texts.ts';
import { community, group, strangers } from './world.ts';

interface Schema {
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  pattern?: string;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
}

/** Fields that no bridge takes from other people: addresses, and parsed times. */
const addresses: Readonly<Record<string, unknown>> = {
  jid: strangers[0],
  pn: strangers[0],
  lid: '200000000000002@lid',
  phone: '+15550100110',
  joined_groups: [group],
  created_at: '2025-01-01T00:00:00Z',
  set_at: '2025-01-01T00:00:00Z',
  platform: 'android',
};

/** Values for fields with a pattern: the first one that matches is used. */
const bounded = [hostileText, group, '09:30', 'A1', 'https://example.test/a'];

const fits = (value: unknown, { pattern }: Schema): boolean =>
  pattern === undefined || new RegExp(pattern, 'u').test(String(value));

/** An answer of this shape with hostile text in every free text field. */
function hostileAnswer(schema: Schema, field = ''): unknown {
  if (field in addresses && fits(addresses[field], schema)) return addresses[field];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return hostileAnswer(schema.anyOf[0]!, field);
  if (schema.pattern !== undefined) {
    return bounded.find((text) => fits(text, schema));
  }
  const types = [schema.type ?? []].flat();
  if (types.includes('array')) return [hostileAnswer(schema.items ?? {})];
  if (types.includes('object')) {
    const fields = Object.entries(schema.properties ?? {});
    return Object.fromEntries(fields.map(([name, inner]) => [name, hostileAnswer(inner, name)]));
  }
  if (types.includes('boolean')) return true;
  return types.includes('string') ? hostileText : 1;
}

/** Bridges that answer every operation about people and businesses with hostile text. */
export function hostileBridges() {
  const answers = Object.entries(operations)
    .filter(([name]) => !/^(connection|history)\./.test(name))
    .map(([name, { output }]) => [name, async () => hostileAnswer(z.toJSONSchema(output) as Schema)] as const);
  const handlers = { ...Object.fromEntries(answers), 'communities.list': communities } as unknown as Partial<Handlers>;
  return fakeBridges(fakeBridge('baileys', 'ready', handlers));
}

const communities = async () => ({ communities: [{ jid: community, name: hostileText, joined_groups: [group] }] });
