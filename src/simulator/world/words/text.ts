import type { Random } from '../random.ts';
import { emoji, type Language, languages, sources, syllables } from './vocabulary.ts';

type Slot = 'who' | 'what' | 'where' | 'when' | 'n' | 'brand';

interface Words {
  space: string;
  familyFirst: boolean;
  given: string[];
  family: string[];
  /** Literal text at even places, slot names at odd ones. */
  sentences: string[][];
  files: string[][];
  short: string[];
  what: string[];
  where: string[];
  when: string[];
  subjects: string[];
  poll: string[];
}

const entries = (text: string): string[] =>
  text
    .split(/[|\n]/)
    .map((entry) => entry.trim())
    .filter(Boolean);

const templates = (text: string): string[][] => entries(text).map((entry) => entry.split(/[{}]/));

const words = Object.fromEntries(
  languages.map((language) => {
    const source = sources[language];
    const lists = {
      space: source.space as string,
      familyFirst: 'familyFirst' in source,
      given: entries(source.given),
      family: entries(source.family),
      sentences: templates(source.sentences),
      files: templates(source.files),
      short: entries(source.short),
      what: entries(source.what),
      where: entries(source.where),
      when: entries(source.when),
      subjects: entries(source.subjects),
      poll: entries(source.poll),
    };
    return [language, lists];
  }),
) as Record<Language, Words>;

/** An invented word of no real language, such as `Velmorka`. */
export function brand(random: Random): string {
  let name = random.pick(syllables) + random.pick(syllables);
  if (random.chance(0.5)) name += random.pick(syllables);
  return name[0]!.toUpperCase() + name.slice(1);
}

function slot(name: Slot, language: Language, random: Random): string {
  if (name === 'n') return String(2 + Math.floor(random.logNormal(40, 2)));
  if (name === 'brand') return brand(random);
  return random.pick(name === 'who' ? words[language].given : words[language][name]);
}

function fill(template: readonly string[], language: Language, random: Random): string {
  let text = '';
  for (let i = 0; i < template.length; i++) {
    text += i % 2 ? slot(template[i] as Slot, language, random) : template[i]!;
  }
  return text;
}

export const sentence = (language: Language, random: Random): string =>
  fill(random.pick(words[language].sentences), language, random);

const stops: { [K in Language]?: string } = { zh: '。', ja: '。', hi: '। ', th: ' ' };
const ended = /[?!.,？！。]$/;

/** Chat text of log-normal length: occasionally one word, occasionally a whole paragraph. */
export function chatText(language: Language, random: Random): string {
  const { sentences, short, space } = words[language];
  const length = random.logNormal(36, 0.8);
  if (length < 14) return random.pick(random.chance(0.3) ? emoji : short);
  // Scripts without spaces need fewer characters for the same content.
  const enough = Math.min(600, space ? length : length / 2);
  let next = random.below(sentences.length);
  let text = fill(sentences[next]!, language, random);
  while (text.length < enough) {
    next = (next + 1 + random.below(3)) % sentences.length;
    text += (ended.test(text) ? space : (stops[language] ?? '. ')) + fill(sentences[next]!, language, random);
  }
  return random.chance(0.15) ? `${text} ${random.pick(emoji)}` : text;
}

/** The `index`-th invented person of a language; different for every index below given × family. */
export function personName(language: Language, index: number): string {
  const { given, family, space, familyFirst } = words[language];
  const first = given[index % given.length]!;
  const last = family[((index % given.length) + Math.floor(index / given.length)) % family.length]!;
  return familyFirst ? last + space + first : `${first} ${last}`;
}

export const fileName = (language: Language, random: Random): string =>
  fill(random.pick(words[language].files), language, random);

export const placeName = (language: Language, random: Random): string => random.pick(words[language].where);

export function groupSubject(language: Language, index: number): string {
  const { subjects } = words[language];
  const again = Math.floor(index / subjects.length);
  return subjects[index % subjects.length]! + (again ? ` ${again + 1}` : '');
}

/** A question and at least two answers. */
export function pollWords(language: Language): { question: string; options: string[] } {
  const [question, ...options] = words[language].poll;
  return { question: question!, options };
}
