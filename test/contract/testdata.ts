import { communities } from './communities.ts';
import { history } from './history.ts';
import { historyProgressCases } from './history-progress.ts';
import { lookups } from './lookups.ts';
import { messages } from './messages.ts';
import { orders } from './orders.ts';
import { profiles } from './profiles.ts';
import { rights } from './rights.ts';

const daemon = 'bridges/whatsmeow/daemon';

/** What the tests of the Go program hold it to, made by the Node program: path from the root of the checkout to text. */
export async function testdata(): Promise<Map<string, string>> {
  const file = (name: string, lines: readonly string[]): [string, string] => [
    `${daemon}/${name}`,
    `${lines.join('\n')}\n`,
  ];
  return new Map([
    file('store/testdata/orders.jsonl', await orders()),
    file('wa/history/testdata/history-progress.jsonl', historyProgressCases()),
    file('store/testdata/rights.jsonl', rights()),
    file('wa/translate/testdata/messages.jsonl', messages()),
    file('wa/translate/testdata/history.jsonl', history()),
    file('wa/translate/testdata/profiles.jsonl', profiles()),
    file('wa/translate/testdata/lookups.jsonl', lookups()),
    file('wa/translate/testdata/communities.jsonl', communities()),
  ]);
}
