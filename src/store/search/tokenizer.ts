import { type Db, openInMemory } from '../sqlite/database.ts';
import { segment } from './segment.ts';

/** Folds accents. Vowel signs and symbols belong to words, because the default would split Hindi words at them. */
export const tokenizerOption = `tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc So Sk'"`;

/** Splits text into exactly the tokens that the index holds, through the same tokenizer. */
export class Tokenizer {
  readonly #db: Db = openInMemory();
  readonly #insert;
  readonly #read;
  readonly #clear;

  constructor() {
    this.#db.exec(`
      CREATE VIRTUAL TABLE piece USING fts5 (text, content = '', contentless_delete = 1, ${tokenizerOption});
      CREATE VIRTUAL TABLE token USING fts5vocab (piece, instance);`);
    this.#insert = this.#db.prepare('INSERT INTO piece (rowid, text) VALUES (?, ?)');
    this.#read = this.#db.prepare<[], { doc: number; term: string }>(
      'SELECT doc, term FROM token ORDER BY doc, offset',
    );
    this.#clear = this.#db.prepare("INSERT INTO piece (piece) VALUES ('delete-all')");
  }

  /** The tokens of each text, in order; none for punctuation. */
  tokens(texts: readonly string[]): string[][] {
    const result: string[][] = texts.map(() => []);
    this.#db.transaction(() => {
      for (const [doc, text] of texts.entries()) this.#insert.run(doc, segment(text));
      for (const { doc, term } of this.#read.iterate()) result[doc]?.push(term);
      this.#clear.run();
    })();
    return result;
  }

  close(): void {
    this.#db.close();
  }
}
