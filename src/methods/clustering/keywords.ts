import { type Phrase, readPhrases, type ThemeDocument } from './phrases.ts'
import { chooseForm, readCasing } from './surface.ts'

/** A phrase as it stands to a theme. */
export interface ThemePhrase {
  key: string
  stems: readonly string[]
  /** As the authors write it. */
  text: string
  /** Whether a title or keyword of any paper of the set has it: what stands in none is seldom a subject. */
  inTitle: boolean
  /** Whether the title of a paper of the theme has it. */
  titled: boolean
  /** Positions of the theme's papers that have it, in the theme's list. */
  papers: readonly number[]
  /** Share of the theme's papers that have it, and of all others. */
  inside: number
  outside: number
  /** Positive; higher for phrases that are frequent here and rare elsewhere. */
  score: number
}

/** For each theme its phrases, best first. */
export interface ThemePhrases {
  themes: readonly (readonly ThemePhrase[])[]
}

/** A phrase over the whole set: the papers that have it, and how it stands in them. */
interface Total {
  papers: number
  inTitle: boolean
  count: number
  whole: number
  nominal: number
}

const mostKeywords = 8
/** A phrase says something of a theme when this share of its papers has it, and two at least. */
const leastSupport = 0.06
/** Phrases of two and three words say most; longer ones seldom recur. */
const lengthBonus = [0, 0.8, 1.7, 1.9, 1.8, 1.6] as const
/** What a phrase counts that stands in no title and no keyword. */
const incidental = 0.3
/** What a phrase with "of" or "in" counts: shorter ones read better. */
const joined = 0.7
/** Keeps the logarithm of shares finite: a phrase that no other paper has counts as if one in twenty had it. */
const smoothing = 0.05

/**
 * Reads the phrases of all themes and weighs each for each theme: after c-TF-IDF (Grootendorst, BERTopic, 2022), the share of
 * the theme's papers with the phrase (titles count double) by the logarithm of how much larger it is than among
 * the other papers.
 */
export function readThemePhrases(themes: readonly (readonly ThemeDocument[])[]): ThemePhrases {
  const read = themes.map((documents) => documents.map(readPhrases))
  const casing = readCasing(themes.flat())
  const totals = new Map<string, Total>()
  for (const phrase of read.flat().flatMap((phrases) => [...phrases.values()])) {
    const total = totals.get(phrase.key)
    if (total === undefined)
      totals.set(phrase.key, {
        papers: 1,
        inTitle: phrase.inTitle,
        count: phrase.count,
        whole: phrase.whole,
        nominal: phrase.nominal,
      })
    else {
      total.papers++
      total.count += phrase.count
      total.whole += phrase.whole
      total.nominal += phrase.nominal
      total.inTitle ||= phrase.inTitle
    }
  }
  const all = read.reduce((sum, documents) => sum + documents.length, 0)

  return {
    themes: read.map((documents) => {
      const gathered = gather(documents)
      const weigh = ({ key, found }: GatheredPhrase): ThemePhrase | undefined => {
        const { papers, inTitle, count, whole, nominal } = totals.get(key)!
        const stems = found[0]!.phrase.stems
        // A phrase that mostly stands within longer ones is a piece of them, and a word that never stands where nouns do a verb.
        if (whole / count < 0.35 || (stems.length === 1 && nominal / count < 0.1)) return undefined
        const inside = found.length / documents.length
        const outside = all === documents.length ? 0 : (papers - found.length) / (all - documents.length)
        const distinct = Math.log((inside + smoothing) / (outside + smoothing))
        if (distinct <= 0) return undefined
        const titles = found.filter(({ phrase }) => phrase.inTitle).length / documents.length
        const bonus = lengthBonus[Math.min(stems.length, lengthBonus.length - 1)]!
        return {
          key,
          stems,
          inTitle,
          titled: found.some(({ phrase }) => phrase.titled),
          text: chooseForm(
            found.map(({ phrase }) => phrase.forms),
            casing,
          ),
          papers: found.map(({ paper }) => paper),
          inside,
          outside,
          score:
            (inside + titles) *
            distinct *
            bonus *
            Math.sqrt(whole / count) *
            (inTitle ? 1 : incidental) *
            (key.split(' ').length > stems.length ? joined : 1),
        }
      }
      const shared = gathered.filter(
        ({ found }) =>
          found.length >= Math.min(documents.length, Math.max(2, Math.ceil(leastSupport * documents.length))),
      )
      const phrases = rank(shared.map(weigh))
      return phrases.length > 0 || documents.length > 3 ? phrases : rank(around(shared, gathered).map(weigh))
    }),
  }
}

function rank(phrases: readonly (ThemePhrase | undefined)[]): ThemePhrase[] {
  return phrases
    .filter((phrase) => phrase !== undefined)
    .toSorted((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
}

/** Where papers share a word but no phrase ("count data", "count time series"): phrases of their titles with that word. */
function around(shared: readonly GatheredPhrase[], all: readonly GatheredPhrase[]): GatheredPhrase[] {
  const words = new Set(
    shared.filter(({ found }) => found[0]!.phrase.stems.length === 1).map(({ key }) => key),
  )
  return all.filter(({ found }) => {
    const { stems, inTitle } = found[0]!.phrase
    return inTitle && stems.length > 1 && stems.some((stem) => words.has(stem))
  })
}

/** A phrase with the papers of one theme that have it. */
interface GatheredPhrase {
  key: string
  found: readonly { paper: number; phrase: Phrase }[]
}

function gather(documents: readonly ReadonlyMap<string, Phrase>[]): GatheredPhrase[] {
  const gathered = new Map<string, { paper: number; phrase: Phrase }[]>()
  for (const [paper, phrases] of documents.entries()) {
    for (const [key, phrase] of phrases) {
      const found = gathered.get(key)
      if (found === undefined) gathered.set(key, [{ paper, phrase }])
      else found.push({ paper, phrase })
    }
  }
  return [...gathered].map(([key, found]) => ({ key, found }))
}

/** The best phrases of a theme, at most eight, none of which repeats the words of another. */
export function keywordsOf({ themes }: ThemePhrases, theme: number): string[] {
  const chosen: ThemePhrase[] = []
  for (const phrase of themes[theme] ?? []) {
    if (chosen.length === mostKeywords) break
    if (!chosen.some((other) => overlap(phrase, other))) chosen.push(phrase)
  }
  return chosen.map(({ text }) => text)
}

/**
 * Whether a phrase can name a theme: two words and more; a single word when it is written like a name ("Python") or most
 * papers have it. All must stand in a title or keyword.
 */
export function isName({ stems, text, inside, inTitle }: ThemePhrase): boolean {
  return inTitle && (stems.length > 1 || inside >= 0.75 || /\p{Lu}/u.test(text))
}

/** Whether one phrase has all words of the other, or they share the greater part. */
export function overlap(a: ThemePhrase, b: ThemePhrase): boolean {
  const shared = a.stems.filter((stem) => b.stems.includes(stem)).length
  return shared === Math.min(a.stems.length, b.stems.length) || shared >= 2
}
