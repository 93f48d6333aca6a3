import { overlap, readThemePhrases, type ThemePhrase } from './keywords.ts'
import type { ThemeDocument } from './phrases.ts'
import { sentenceCase } from './surface.ts'

/** A name for people to recognise a theme by. */
export interface ThemeName {
  /** At most six words, in sentence case, as "Structural change in linear regression". */
  label: string
  /** One sentence that counts which of the theme's papers speak of what. */
  description: string
}

const mostWords = 6
/** A phrase that so many of the papers have stands for the theme alone. */
const wholeTheme = 0.5
/** The second phrase of a label must bring in so large a share of the papers that the first does not cover. */
const leastNew = 0.1
/** Phrases considered for a label; what comes later says less. */
const considered = 40

/**
 * Names themes, each given as its papers, by phrases of their own titles and texts that are frequent within the theme and
 * rare outside it: one phrase, or two that together cover more of the papers. No two themes get the same label.
 */
export function labelThemes(themes: readonly (readonly ThemeDocument[])[]): ThemeName[] {
  const phrases = readThemePhrases(themes)
  const taken = new Set<string>()
  const used: ThemePhrase[] = []
  return themes.map((documents, theme) => {
    const candidates = (phrases.themes[theme] ?? []).slice(0, considered)
    const chosen = choosePhrases(candidates, documents.length, taken, used)
    used.push(...chosen)
    const label =
      chosen.length > 0 ? chosen.map(({ text }) => text).join(' and ') : titleLabel(documents, taken)
    taken.add(label.toLowerCase())
    return { label: sentenceCase(label), description: describe(documents.length, chosen, candidates) }
  })
}

function choosePhrases(
  candidates: readonly ThemePhrase[],
  papers: number,
  taken: ReadonlySet<string>,
  used: readonly ThemePhrase[],
): ThemePhrase[] {
  const singles = candidates.filter(({ text }) => !taken.has(text.toLowerCase()))
  const first = singles.find((phrase) => !used.some((other) => overlap(other, phrase))) ?? singles[0]
  if (first === undefined) return []
  if (first.inside >= wholeTheme && first.stems.length > 1) return [first]
  const second = bestBy(
    candidates.filter(
      (phrase) =>
        !phrase.stems.some((stem) => first.stems.includes(stem)) &&
        newPapers(first, phrase) >= leastNew * papers &&
        phrase.score >= 0.4 * first.score &&
        wordCount(first) + wordCount(phrase) + 1 <= mostWords &&
        !taken.has(`${first.text} and ${phrase.text}`.toLowerCase()),
    ),
    (phrase) => phrase.score * (1 + newPapers(first, phrase) / papers),
  )
  return second === undefined ? [first] : [first, second]
}

function newPapers(first: ThemePhrase, second: ThemePhrase): number {
  return second.papers.filter((paper) => !first.papers.includes(paper)).length
}

function wordCount({ text }: ThemePhrase): number {
  return text.split(' ').length
}

function bestBy(
  phrases: readonly ThemePhrase[],
  score: (phrase: ThemePhrase) => number,
): ThemePhrase | undefined {
  return phrases.toSorted((a, b) => score(b) - score(a) || (a.key < b.key ? -1 : 1))[0]
}

/** For papers without a common phrase: the title of a single one, up to its colon; of several, that they have none. */
function titleLabel(documents: readonly ThemeDocument[], taken: ReadonlySet<string>): string {
  const label = documents.length === 1 ? shortTitle(documents[0]!.title) : 'Other subjects'
  let numbered = label
  for (let number = 2; taken.has(numbered.toLowerCase()); number++) numbered = `${label} (${number})`
  return numbered
}

function shortTitle(title: string): string {
  const start = title.slice(0, 300).split(/[:?!.]\s/)[0] ?? ''
  const words = start
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, mostWords)
  while (words.length > 1 && /^(?:a|an|the|of|in|on|for|and|with|to|by|from|using)$/i.test(words.at(-1)!))
    words.pop()
  return words.join(' ').slice(0, 80) || 'Other subjects'
}

function describe(
  papers: number,
  chosen: readonly ThemePhrase[],
  candidates: readonly ThemePhrase[],
): string {
  const named: ThemePhrase[] = []
  for (const phrase of [...chosen, ...candidates]) {
    if (named.length === 4) break
    if (!named.some((other) => other === phrase || overlap(other, phrase))) named.push(phrase)
  }
  if (papers === 1) return 'One paper, which has no subject in common with the others.'
  if (named.length === 0)
    return `${papers} papers that have no subject in common with each other or with the rest.`
  const parts = named
    .toSorted((a, b) => b.papers.length - a.papers.length)
    .map(({ text, papers: having }, at) => {
      const verb = at > 0 ? '' : having.length === 1 ? ' speaks' : ' speak'
      return `${having.length === papers ? 'all' : having.length}${verb} of ${text}`
    })
  const list = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
  return `Of these ${papers} papers, ${list}.`
}
