import type { Answer, ServedClient } from './client.ts';

/** `answer[key]` as in Python: a missing field is an error, not `undefined`. */
export function at(answer: Answer, key: string): unknown {
  if (!(key in answer)) throw new Error(`KeyError: ${key}`);
  return answer[key];
}

/** The output of the code of Example 9. */
export async function browseCatalog({ call }: Pick<ServedClient, 'call'>, businessJid: string): Promise<string[]> {
  const printed: string[] = [];
  const profile = await call('get_business_profile', { jid: businessJid });
  if (profile['is_business'] !== true) return ['This is not a business account'];
  printed.push(`Business: ${profile['description'] ?? 'N/A'}`, `Category: ${profile['category'] ?? 'N/A'}`);

  const catalog = await call('get_business_catalog', { jid: businessJid });
  printed.push(`Catalog: ${at(catalog, 'product_count')} products`);
  for (const product of (at(catalog, 'products') as Answer[]).slice(0, 10)) {
    printed.push(`${at(product, 'name')}`, `  Price: ${product['price'] ?? 'N/A'}`, `  ID: ${at(product, 'id')}`);
    const details = await call('get_product_details', { jid: businessJid, product_id: at(product, 'id') });
    const description = 'description' in details ? details['description'] : 'N/A';
    printed.push(`  Description: ${(description as string).slice(0, 100)}`);
    printed.push(`  Availability: ${details['availability'] ?? 'N/A'}`);
  }
  return printed;
}
