type Row = Record<string, unknown>;

interface Legend {
  columns: string[];
  below: Map<string, string[]>;
}

const words = /(?:[^\s"[{]|"(?:[^"\\]|\\.)*"|(?<==|^|\s)[[{].*?[\]}](?= |$))+/gu;

/** The entries of a list in the text of a result, as a model that knows nothing but the text can read them. */
export function rowsInText(text: string, list: string): Row[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => new RegExp(`^${list}(?: \\(.*\\))?:`).test(line));
  const legend = readLegend(lines[from] ?? '');
  const rows: Row[] = [];
  for (const line of lines.slice(from + 1)) {
    if (/^<\/untrusted|^\w+(?: \(.*\))?:/.test(line)) break;
    if (line.startsWith('  ')) addBelow(rows.at(-1) as Row, line.trim(), legend);
    else rows.push(readRow(line, legend.columns));
  }
  return rows;
}

function readLegend(line: string): Legend {
  const [, inside = ''] = /\((.*)\)/.exec(line) ?? [];
  const [own = '', ...inner] = inside.split('; ');
  const below = inner.map((part) => part.split(': ')).map(([name = '', columns = '']) => [name, columns.split(' ')]);
  return { columns: own.split(' ').filter(Boolean), below: new Map(below as [string, string[]][]) };
}

function readRow(line: string, columns: readonly string[]): Row {
  const found = line.match(words) ?? [];
  const head = columns.flatMap((name, index) => (found[index] === '-' ? [] : [[name, readValue(found[index] ?? '')]]));
  const named = found.slice(columns.length).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), readValue(pair.slice(at + 1))];
  });
  return Object.fromEntries([...head, ...named]);
}

function addBelow(row: Row, line: string, { below }: Legend): void {
  const [, name = '', rest = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
  const entry = readRow(rest, below.get(name) ?? []);
  const before = row[name];
  row[name] = before === undefined ? [entry] : [...(before as Row[]), entry];
}

function readValue(word: string): unknown {
  return /^(?:["[{]|-?\d+(?:\.\d+)?$|true$|false$|null$)/.test(word) ? JSON.parse(word) : word;
}
