import { AppError } from '../../../src/domain/errors.ts';
import type { BinaryNode } from '../library/library.ts';
import { refusalIn, usersIn } from '../translate/usync.ts';
import type { OperationContext } from './context.ts';
import { element, emptyAnswer, server } from './query.ts';

const tooManyRequests = 429;

/** Asks what the protocols stand for, of each of these people; resolves with the elements about them. */
export async function askPeople(
  { ask, socket }: OperationContext,
  protocols: BinaryNode[],
  users: BinaryNode[],
  what: string,
): Promise<BinaryNode[]> {
  const sid = (await socket()).generateMessageTag();
  const head = { sid, mode: 'query', last: 'true', index: '0', context: 'interactive' };
  const content = [element('query', {}, protocols), element('list', {}, users)];
  const attrs = { to: server, type: 'get', xmlns: 'usync' };
  const answer = await ask(element('iq', attrs, [element('usync', head, content)]), what);
  const code = refusalIn(answer);
  if (code === tooManyRequests)
    throw new AppError('rate_limited', `WhatsApp answers no more questions for ${what} for now.`);
  const found = code === undefined ? usersIn(answer) : undefined;
  if (!found) throw emptyAnswer(what);
  return found;
}
