import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { goComments, plainGo, readGoSources } from '../../scripts/go-sources.ts';
import { lineOf, nodes, parse, readSources } from '../../scripts/source-files.ts';

/** Folders, and `src/*.ts`, whose identifiers and comments are checked. Extend the list when another folder is done. */
const checked = [
  /^src\/[^/]+\.ts$/,
  /^src\/(store|sync|domain|router|system|simulator)\//,
  /^src\/(cli|page|server|tools|prompts|resources)\//,
  /^(bridges|scripts)\//,
  /^test\/(store|sync|domain|router|system|simulator|support|form)\//,
  /^test\/(bridges|cli|page|scripts|app|clients|bench|proof)\//,
];

/** Names that a word of the glossary (docs/architecture.md, Words) has replaced, in TypeScript and Go alike. */
const retired =
  /\b(?:(?:most|usual|longest)[A-Z]\w*|NearEnd|Door|NoReply|patienceMs|placeOf|isWanted|objectionTo|isAnybody|Keeper|KeeperDeps|createKeeper|Watchdog|keptBridge|isUseless|wellMs|onDoubt|mayAskNext|isPoor|LookupCare|Allowance|createLookups|Offers|Shelf|StateBox|createStateBox|assertSameWorld|SettingsGaps|GapWatch|StanzaName|linkedAs|Memo|Hiding|openHiding|refuseRubbish|everybody|bearerOf|SearchFile|insertOrCare|lookAtRepeats|MergeNotes|Parting|settleCopied|untold|communityLines|leftovers|Refusal|Patience|Realm|realm|Deed|deedsOf|Actors|shareOut|HttpSide|PhoneManner|disturb|looksAtBridge|createPace|pace|polite|politeUntil|wayFault|outOfWal|historian|bringer|Waiting|OpenWaiting|SayWhoWeAre|takeUp|patiently|pulse|beat)\b/;

/** In Go also the limits and defaults that begin with another word. */
const retiredGo = new RegExp(
  `${retired.source}|\\b(?:largest|shortest)[A-Z]\\w*|\\b(?:voteKeeper|undecryptableKeeper|failureOf|noMore|askAgain)\\b`,
);

/** Riddles in comments, where the subject itself should stand. */
const riddle = /\b(?:nobody|somebody|(?:it|is|are) looked at|(?:is|are) told of)\b/i;

const isRetired = (node: ts.Node): boolean =>
  (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) &&
  retired.exec(node.text)?.[0] === node.text.replace(/^#/, '');

/** Parses only files that contain a retired word anywhere. */
function retiredNames(path: string, text: string): string[] {
  if (!retired.test(text)) return [];
  return [...nodes(parse(path, text))].filter(isRetired).map((node) => `${path}:${lineOf(node)} ${node.getText()}`);
}

function* commentsOf(source: ts.SourceFile): Generator<ts.CommentRange> {
  const seen = new Set<number>();
  const visit = function* (node: ts.Node): Generator<ts.CommentRange> {
    const leading = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
    for (const range of [...leading, ...(ts.getTrailingCommentRanges(source.text, node.end) ?? [])]) {
      if (!seen.has(range.pos)) yield range;
      seen.add(range.pos);
    }
    for (const child of node.getChildren(source)) if (child.kind !== ts.SyntaxKind.JSDoc) yield* visit(child);
  };
  yield* visit(source);
}

/** Parses only files that contain a riddle anywhere. */
function riddles(path: string, text: string): string[] {
  if (!riddle.test(text)) return [];
  return [...commentsOf(parse(path, text))].flatMap(({ pos, end }) => {
    const words = riddle.exec(text.slice(pos, end).replace(/\s*\n\s*\*?\s*/g, ' '))?.[0];
    return words === undefined ? [] : [`${path}:${text.slice(0, pos).split('\n').length} ${words}`];
  });
}

/** Each line of Go that has a retired word outside of its comments and texts. */
const retiredInGo = (path: string, text: string): string[] =>
  plainGo(text)
    .split('\n')
    .flatMap((line, index) => (retiredGo.exec(line) ? [`${path}:${index + 1} ${retiredGo.exec(line)?.[0]}`] : []));

const riddlesInGo = (path: string, text: string): string[] =>
  goComments(text).flatMap(({ line, text: comment }) => {
    const words = riddle.exec(comment)?.[0];
    return words === undefined ? [] : [`${path}:${line} ${words}`];
  });

describe('The words', () => {
  const sources = [...readSources('src', 'bridges', 'scripts', 'test')].filter(
    ([path]) => path !== 'test/form/words.test.ts' && checked.some((folder) => folder.test(path)),
  );
  const goSources = readGoSources();

  test('of TypeScript identifiers are those of the glossary', () => {
    expect(sources.length).toBeGreaterThan(400);
    expect(sources.flatMap(([path, text]) => retiredNames(path, text))).toEqual([]);
  });

  test('of comments name their subjects', () => {
    expect(sources.flatMap(([path, text]) => riddles(path, text))).toEqual([]);
  });

  test('of Go identifiers are those of the glossary', () => {
    expect(goSources.size).toBeGreaterThan(150);
    expect([...goSources].flatMap(([path, text]) => retiredInGo(path, text))).toEqual([]);
  });

  test('of Go comments name their subjects', () => {
    expect([...goSources].flatMap(([path, text]) => riddlesInGo(path, text))).toEqual([]);
  });
});

describe('The check of words bites', () => {
  test('on identifiers, and not on texts and comments', () => {
    expect(retiredNames('a.ts', 'const mostRows = 1; // Keeper\nclass A { #polite = "Realm"; }')).toEqual([
      'a.ts:1 mostRows',
      'a.ts:2 #polite',
    ]);
    expect(retiredNames('a.ts', 'const almostRows = 1, most = 2, paceMs = 3;')).toEqual([]);
  });

  test('on identifiers of Go, and not on texts and comments', () => {
    expect(retiredInGo('a.go', 'var mostRows = 1 // Keeper\nvar a = "Realm" + `Door`\nfunc takeUp() {}')).toEqual([
      'a.go:1 mostRows',
      'a.go:3 takeUp',
    ]);
    expect(retiredInGo('a.go', 'const largestBody = 1\nvar almost, largest int')).toEqual(['a.go:1 largestBody']);
  });

  test('on comments of Go of every form, and not on code', () => {
    const text =
      '// Nobody knows.\nvar a = "nobody" // here\nf() // it is looked at\n\t// What it is\n\t// looked at.\n/* somebody */\nvar b = `// nobody`';
    expect(riddlesInGo('a.go', text)).toEqual([
      'a.go:1 Nobody',
      'a.go:3 is looked at',
      'a.go:4 is looked at',
      'a.go:6 somebody',
    ]);
  });

  test('on comments of every form, and not on code', () => {
    const text =
      '/** Nobody knows. */\nconst a = "nobody"; // it is\n// somebody\n/**\n * What it is looked\n * at.\n */\nf(a /* is told of */);';
    expect(riddles('a.ts', text)).toEqual([
      'a.ts:1 Nobody',
      'a.ts:3 somebody',
      'a.ts:4 is looked at',
      'a.ts:8 is told of',
    ]);
  });
});
