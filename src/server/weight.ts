/** Far more than a message holds: the longest list of a call has 500 entries, the longest text 65,536 characters. */
const maxBytes = 1_000_000;
const maxValues = 10_000;
const maxDepth = 100;
const maxMembers = 20;

export interface Weight {
  /** What is too much, as the end of a sentence; absent where nothing is. */
  excess?: string;
  /** JSON of the message with null for every object and list in it; absent where that would be long too. */
  outline?: string;
}

const [quote, backslash, comma, openList, closeList, openObject, closeObject] = Buffer.from('"\\,[]{}');

/**
 * Says what is too much about a line of JSON and what the message is, before anything parses it: parsing half a million
 * values takes a second. Reads each byte once and keeps none; a line that is no JSON may pass or not.
 */
export function weigh(line: Buffer): Weight {
  const { values, deepest, members, outline } = measure(line);
  const excess =
    (values > maxValues && `it has more than ${maxValues} values`) ||
    (deepest > maxDepth && `it is nested deeper than ${maxDepth} levels`) ||
    (line.length > maxBytes && `it has more than ${maxBytes} bytes`);
  const isShort = members <= maxMembers && outline.reduce((sum, part) => sum + part.length, 0) <= maxBytes;
  return { ...(excess && { excess }), ...(isShort && { outline: Buffer.concat(outline).toString('utf8') }) };
}

interface Measures {
  values: number;
  deepest: number;
  /** Commas between the members of the message itself. */
  members: number;
  outline: Buffer[];
}

const nothing = Buffer.from('null');

function measure(line: Buffer): Measures {
  const found: Measures = { values: 0, deepest: 0, members: 0, outline: [] };
  let depth = 0;
  let from = 0; // where the part of the message begins that lies in no inner object or list
  for (let at = 0; at < line.length; at++) {
    const byte = line[at];
    if (byte === quote) at = endOfText(line, at);
    else if (byte === comma) {
      found.values++;
      if (depth === 1) found.members++;
    } else if (byte === openObject || byte === openList) {
      found.values++;
      if (++depth > found.deepest) found.deepest = depth;
      if (depth === 2) found.outline.push(line.subarray(from, at), nothing);
    } else if (byte === closeObject || byte === closeList) {
      if (--depth === 1) from = at + 1;
    }
  }
  found.outline.push(line.subarray(from));
  return found;
}

/** Where the text ends that begins at `start`. */
function endOfText(line: Buffer, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === backslash) at++;
    else if (line[at] === quote) return at;
  }
  return line.length;
}
