import { migrate, openWriter } from '../../src/store/sqlite/database.ts';
import { transfer } from '../../src/sync/transfer.ts';

/**
 * A process that copies, reports it, and kills itself at the nth occurrence of a named point: `child <db> <staging>
 * <point> <n>`.
 */
const [messages = '', staging = '', point = '', nth = '1'] = process.argv.slice(2);
const db = openWriter(messages);
migrate(db);
let seen = 0;
const result = await transfer(db, staging, 'history', {
  at: (reached) => {
    if (reached === 'begun') process.stdout.write('begun\n');
    if (reached === point && ++seen === Number(nth)) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(`${JSON.stringify(result)}\n`);
