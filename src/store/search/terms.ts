import type { Db } from '../sqlite/database.ts';
import { shortestPart } from './query-terms.ts';
import { splitWords } from './words.ts';

const maxExpansions = 200;

/** Adds the words of indexed texts; much cheaper than reading the whole vocabulary for a few rows. */
export function addTerms(db: Db, texts: readonly string[]): void {
  const insert = db.prepare('INSERT INTO terms (term) VALUES (?) ON CONFLICT DO NOTHING');
  for (const word of new Set(texts.flatMap(splitWords))) if ([...word].length >= shortestPart) insert.run(word);
}

/** Reads the whole vocabulary into the list. */
export function refreshTerms(db: Db): void {
  db.prepare(
    `INSERT INTO terms (term)
     SELECT term FROM vocabulary WHERE col = 'text' AND length(term) >= ${shortestPart} ON CONFLICT DO NOTHING`,
  ).run();
}

/** The list in memory, as one string that is searched by substring; picks up new terms from the table. */
export class TermList {
  #text = '\n';
  #lastId = 0;

  load(db: Db): void {
    const added = db
      .prepare<[number], { text: string | null; last: number | null }>(
        'SELECT group_concat(term, char(10)) AS text, max(id) AS last FROM (SELECT id, term FROM terms WHERE id > ?)',
      )
      .get(this.#lastId);
    if (added?.text == null || added.last === null) return;
    this.#text += `${added.text}\n`;
    this.#lastId = added.last;
  }

  /**
   * Words that contain, start with or end with this token, nearest first. `capped` when there are too many for an index
   * query.
   */
  expand(token: string, where: 'inside' | 'start' | 'end'): { terms: string[]; capped: boolean } {
    const needle = `${where === 'start' ? '\n' : ''}${token}${where === 'end' ? '\n' : ''}`;
    const found = new Set<string>();
    for (let at = this.#text.indexOf(needle); at >= 0; at = this.#text.indexOf(needle, at)) {
      const start = where === 'start' ? at + 1 : this.#text.lastIndexOf('\n', at) + 1;
      const end = this.#text.indexOf('\n', start);
      found.add(this.#text.slice(start, end));
      at = end;
    }
    found.delete(token);
    const terms = [...found].sort(
      (a, b) => Number(b.startsWith(token)) - Number(a.startsWith(token)) || a.length - b.length,
    );
    return { terms: terms.slice(0, maxExpansions), capped: terms.length > maxExpansions };
  }
}
