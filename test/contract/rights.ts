import { rightsLines, rightsPart } from '../support/rights/play.ts';

const cases = 300;

/** The query in the first line; then what arrives for many cases at once, and what the table of rights makes of them. */
export const rights = (): string[] => rightsLines([rightsPart(2, 0, cases)]);
