import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { migrationsFolder, readMigrations } from '../../src/store/sqlite/database.ts';
import { namesIn, parseRules, type Rules, rulesFolder } from '../../src/store/sqlite/rules.ts';

const columnsFile = 'message_columns.sql';

/** Columns of `messages` that the store itself keeps. All others are delivered with a message, by both bridges. */
const kept = ['seq', 'chat_id', 'wire_chat', 'edited_at', 'revoked_at', 'source', 'hidden_at'];

/** Delivered columns with rules of their own in messages.sql. */
const special = ['id', 'timestamp', 'type', 'content', 'raw'];

interface Column {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
}

interface MessageColumns {
  all: Column[];
  /** May be empty, and stay when the message is revoked. */
  facts: string[];
  /** May be empty, and go with a revoke: `originals` has them too. */
  content: string[];
}

/** The columns that both bridges deliver, as the migrations make them. */
function messageColumns(folder: string): MessageColumns {
  const db = new Database(':memory:');
  try {
    for (const { path } of readMigrations(folder)) db.exec(readFileSync(path, 'utf8'));
    const columns = (table: string) => db.pragma(`table_info(${table})`) as Column[];
    const originals = columns('originals').map(({ name }) => name);
    const all = columns('messages').filter(({ name }) => !kept.includes(name));
    const fillable = all
      .filter(({ name, notnull }) => notnull === 0 && !special.includes(name))
      .map(({ name }) => name);
    return {
      all,
      facts: fillable.filter((name) => !originals.includes(name)),
      content: fillable.filter((name) => originals.includes(name)),
    };
  } finally {
    db.close();
  }
}

/** Words separated by commas, in lines that begin with two spaces. */
function wrapped(parts: readonly string[], separator = ', '): string {
  const lines = [''];
  for (const [at, part] of parts.entries()) {
    const piece = part + (at < parts.length - 1 ? separator : '');
    if (`${lines.at(-1)}${piece}`.length > 100) lines.push('');
    lines[lines.length - 1] += piece;
  }
  return lines.map((line) => line.trimEnd()).join('\n  ');
}

function columnRules({ all, facts, content }: MessageColumns): string {
  const names = all.map(({ name }) => name);
  const isMissing = (name: string) => `(m.${name} IS NULL AND s.${name} IS NOT NULL)`;
  const ofConflicts = ['chat_id', 'id', 'timestamp', 'sender', 'content', 'raw'];
  const empty = [...facts, ...content].filter((name) => !ofConflicts.includes(name)).map((name) => `NULL AS ${name}`);
  const blocks = {
    message_columns: wrapped(names),
    given_message: `(SELECT ${wrapped(['chat_jid', ...names].map((name) => `@${name} AS ${name}`))})`,
    conflict_rows: `(SELECT ${wrapped([...ofConflicts, '0 AS from_me', "'unsupported' AS type", ...empty])}\n  FROM main.conflicts)`,
    content_columns: wrapped(content),
    empty_content: wrapped(content.map((name) => `${name} = NULL`)),
    restore_content: wrapped(content.map((name) => `${name} = o.${name}`)),
    has_more_facts: wrapped(facts.map(isMissing), ' OR '),
    has_more_content: wrapped(content.map(isMissing), ' OR '),
    fill_facts: wrapped(facts.map((name) => `${name} = coalesce(m.${name}, s.${name})`)),
    fill_content: content
      .map(
        (name) => `${name} = CASE WHEN 'revoked' IN (m.type, s.type) THEN NULL ELSE coalesce(m.${name}, s.${name}) END`,
      )
      .join(',\n  '),
  };
  const head = '-- Written by `npm run generate` from the migrations: what follows from the columns of a message.\n';
  return (
    head +
    Object.entries(blocks)
      .map(([name, sql]) => `\n-- name: ${name}\n${sql}\n`)
      .join('')
  );
}

/** As the formatter writes it. */
function listOf(name: string, columns: readonly string[]): string {
  const names = columns.map((column) => `'${column}'`);
  const line = `export const ${name} = [${names.join(', ')}] as const;`;
  return line.length <= 120
    ? line
    : `export const ${name} = [\n${names.map((one) => `  ${one},\n`).join('')}] as const;`;
}

function columnTypes({ all, facts, content }: MessageColumns): string {
  const definition = ({ type, notnull, dflt_value: value }: Column) =>
    `${type}${notnull ? ` NOT NULL` : ''}${value === null ? '' : ` DEFAULT ${value}`}`;
  const quoted = (text: string) => (text.includes("'") ? `"${text}"` : `'${text}'`);
  const rows = all.map((column) => `  ${column.name}: ${quoted(definition(column))},`);
  return `// Written by \`npm run generate\` from the migrations of messages.db.

/** The columns that both bridges deliver with a message, and their types, in the order of copying. */
export const messageColumnTypes = {
${rows.join('\n')}
} as const;

/** Columns that may be empty, and stay when the message is revoked. */
${listOf('factColumns', facts)}

/** Columns that may be empty, and go with a revoke. */
${listOf('contentColumns', content)}
`;
}

function ruleNames(rules: Rules): string {
  const lines = [...rules.keys()].sort().map((name) => {
    const { parts } = namesIn(rules, name);
    return `  ${name}: ${parts.length === 0 ? 'never' : parts.map((part) => `'${part}'`).join(' | ')};`;
  });
  return `// Written by \`npm run generate\` from the rules in bridges/whatsmeow/daemon/store/rules/sql.

/** Each rule, with the parts that it needs. */
export interface RuleParts {
${lines.join('\n')}
}
`;
}

/** What follows from the rules and migrations: path from the root of the checkout to text. */
export function ruleFiles(rules = rulesFolder(), migrations = migrationsFolder()): Map<string, string> {
  const columns = messageColumns(migrations);
  const texts = readdirSync(rules)
    .filter((file) => file !== columnsFile)
    .map((file) => readFileSync(join(rules, file), 'utf8'));
  const ofColumns = columnRules(columns);
  return new Map([
    [`bridges/whatsmeow/daemon/store/rules/sql/${columnsFile}`, ofColumns],
    ['src/store/sqlite/rule-names.ts', ruleNames(parseRules([...texts, ofColumns]))],
    ['src/domain/message-columns.ts', columnTypes(columns)],
  ]);
}
