import { tokenize } from '../text/tokens.ts'
import { isGeneric } from './generic-words.ts'
import { isEstablished, type Phrase, readPhrases, type ThemeDocument, withoutExclusion } from './phrases.ts'
import { type Casing, chooseForm } from './surface.ts'

const mostWords = 5
/** General words that name a subject with the word before them: "count data", "deep learning", "mixed models". */
const heads = new Set([
  'data',
  'model',
  'learn',
  'comput',
  'analysi',
  'test',
  'trial',
  'system',
  'control',
  'network',
  'simul',
])
/** What a phrase behind the colon counts less: it says how, not what. */
const besides = 0.5
/** Before the colon the name of a program says least: one word, or a name written small ("lme4"). */
const programName = /^(?:\S+|\p{Ll}.*)$/u
/** What a phrase counts more that a title says twice. */
const repeated = 0.5
/** What a piece of a longer phrase counts less. */
const piece = 1.2

/**
 * The noun phrase of at most five words that says most of a title, as running text writes it: the one with most words that
 * tell a subject, the first of equals; those with words of `shared`, stems that other titles of the theme have, come first.
 * Undefined for a title without one.
 */
export function titlePhrase(
  { title, authors = [] }: ThemeDocument,
  casing: Casing,
  shared: ReadonlySet<string>,
): string | undefined {
  const whole = title
    .slice(0, 300)
    // A line end in a title leaves a space after a hyphen: "Carpentry- Style".
    .replaceAll(/(\p{L}[-‐‑]) (?=\p{L})/gu, '$1')
  const everywhere = readPhrases({ id: '', title: whole, text: '', authors })
  const parts = withoutExclusion(whole).split(/:\s/)
  const aside = parts.length > 1 && programName.test(parts[0]!) ? 0 : 1
  const read = (texts: readonly string[]) =>
    texts.flatMap((text, place) =>
      [...readPhrases({ id: '', title: text, text: '', authors }).values()]
        .filter(({ key, stems }) => key.split(' ').length === stems.length && stems.length <= mostWords)
        .map((phrase) => ({
          phrase,
          worth:
            worth(phrase, shared) -
            (Math.min(place, 1) === aside ? besides : 0) -
            (phrase.whole > 0 ? 0 : piece) +
            ((everywhere.get(phrase.key)?.count ?? 0) > 1 ? repeated : 0),
        })),
    )
  const found = read(parts.map(withoutVerb))
  // "Ranking papers" without its verb says nothing.
  const best = (found.length > 0 ? found : read(parts)).toSorted((a, b) => b.worth - a.worth)[0]
  return best && chooseForm([best.phrase.forms], casing)
}

/** "Monitoring count time series" is about count time series; "Learning theory" stays. */
function withoutVerb(title: string): string {
  return title.replace(/^\s*(?:\[Re\]\s*)?\p{Lu}\p{Ll}{1,20}ing\s(?=[\p{L}-]+\s[\p{L}-]+)/u, '')
}

/** Stems of two letters and more that tell a subject and stand in two of the titles. */
export function sharedTitleStems(documents: readonly ThemeDocument[]): Set<string> {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { title } of documents) {
    for (const stem of new Set(tokenize(title.slice(0, 300), { compounds: false }))) {
      if (stem.length < 2 || isGeneric(stem)) continue
      if (seen.has(stem)) shared.add(stem)
      seen.add(stem)
    }
  }
  return shared
}

/**
 * Words that tell a subject count one each, others help little, and a general word at the end does harm. A term made of
 * general words ("structural change") counts as two and a half.
 */
function worth({ stems }: Phrase, shared: ReadonlySet<string>): number {
  const term = stems.findIndex((stem, at) => isEstablished(`${stem} ${stems[at + 1]}`))
  const isTerm = (at: number) => term >= 0 && (at === term || at === term + 1)
  const telling = stems.filter((stem, at) => !isGeneric(stem) && !isTerm(at)).length + (term < 0 ? 0 : 2.5)
  const last = stems.at(-1)!
  const harm = isGeneric(last) && !heads.has(last) && !isTerm(stems.length - 1) ? 1.2 : 0
  const common = stems.some((stem) => shared.has(stem)) ? 1.5 : 0
  return (
    Math.min(telling, 3) +
    Math.max(0, stems.length - telling) * 0.3 +
    (stems.length > 1 ? 0.5 : 0) +
    common -
    harm
  )
}
