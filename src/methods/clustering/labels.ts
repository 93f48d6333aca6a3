import { type DescribedPaper, describeStrangers, describeTheme, enumerate } from './descriptions.ts'
import { isName, overlap, readThemePhrases, type ThemePhrase } from './keywords.ts'
import type { ThemeDocument } from './phrases.ts'
import { readCasing, sentenceCase } from './surface.ts'
import { sharedTitleStems, titlePhrase } from './title-phrase.ts'

/** A name for people to recognise a theme by. */
export interface ThemeName {
  /** At most nine words, in sentence case, as "Structural change in linear regression". */
  label: string
  /** One sentence that counts which of the theme's papers treat what, or says which papers they are. */
  description: string
}

/** A paper of a theme to be named. */
export interface NamedDocument extends ThemeDocument {
  /** As a sentence refers to it: "Zeileis and Hothorn (2002)". The title in quotation marks when there is none. */
  reference?: string
}

/** A theme to be named. */
export interface ThemeToName {
  papers: readonly NamedDocument[]
  /** Papers that resemble neither each other nor the rest. */
  strangers?: boolean
}

const mostWords = 6
const mostTitleWords = 9
/** A phrase that so many of the papers have stands for the theme alone, in a large theme and in a small one. */
const wholeTheme = 0.5
const mostOfTheme = 0.6
/** The second phrase of a label must bring in so large a share of the papers that the first does not cover. */
const leastNew = 0.1
/** A fuller phrase must have so large a share of the papers to stand for one of its words. */
const leastFuller = 0.4
const fewPapers = 3
/** With so many papers a single word is shared by chance no more. */
const manyPapers = 12
/** Phrases considered for a label; what comes later says less. */
const considered = 40

/**
 * Names themes by phrases of titles and keywords that are frequent within the theme and rare outside it: one phrase, or two
 * that together cover more of the papers; where papers share none, by a phrase of each of their titles. Papers that resemble
 * none are "Other subjects". No two themes get the same label.
 */
export function labelThemes(themes: readonly ThemeToName[]): ThemeName[] {
  const phrases = readThemePhrases(themes.map(({ papers }) => papers))
  const casing = readCasing(themes.flatMap(({ papers }) => papers))
  const taken = new Set<string>()
  const used: ThemePhrase[] = []
  return themes.map(({ papers, strangers = false }, theme) => {
    const shared = strangers ? new Set<string>() : sharedTitleStems(papers)
    const described = papers.map((paper) => ({
      reference: paper.reference ?? `“${paper.title.slice(0, 200)}”`,
      subject: titlePhrase(paper, casing, shared),
    }))
    if (strangers)
      return { label: unlike('Other subjects', taken), description: describeStrangers(described) }
    const candidates = (phrases.themes[theme] ?? [])
      .filter((phrase) => isName(phrase) || (phrase.inTitle && papers.length > manyPapers))
      .slice(0, considered)
    const chosen = choosePhrases(candidates, papers.length, taken, used)
    used.push(...chosen)
    return {
      label: sentenceCase(unlike(labelOf(chosen, papers, described), taken)),
      description: describeTheme(described, chosen, candidates),
    }
  })
}

/** The phrases, or title phrases where there are none; for a name such as "Python" both: "Python in numerical computing". */
function labelOf(
  chosen: readonly ThemePhrase[],
  papers: readonly ThemeDocument[],
  described: readonly DescribedPaper[],
): string {
  const [first, second] = chosen
  if (first === undefined) return titleLabel(papers, described)
  if (second !== undefined) return `${first.text} and ${second.text}`
  if (first.stems.length > 1 || papers.length > manyPapers) return first.text
  const fields = described
    .filter((_, paper) => first.papers.includes(paper))
    .filter(({ subject }) => subject !== undefined && !subject.includes(first.text))
    .toSorted((a, b) => wordCount(a.subject!) - wordCount(b.subject!))
  return fields.length === 0 ? first.text : `${first.text} in ${titleLabel([], fields)}`
}

function choosePhrases(
  candidates: readonly ThemePhrase[],
  papers: number,
  taken: ReadonlySet<string>,
  used: readonly ThemePhrase[],
): ThemePhrase[] {
  if (papers === 1) return []
  const singles = candidates.filter(({ text }) => !taken.has(text.toLowerCase()))
  const best = singles.find((phrase) => !used.some((other) => overlap(other, phrase))) ?? singles[0]
  const first = best && (fuller(best, singles) ?? best)
  if (first === undefined || first.papers.length < 2) return []
  // Of few papers a phrase that none has in its title says less than phrases of their titles.
  if (papers <= fewPapers && !first.titled) return []
  const enough = papers > manyPapers ? wholeTheme : mostOfTheme
  if (first.inside >= enough && first.stems.length > 1) return [first]
  // Phrases of their titles say more of a few papers than one word that they share.
  const isWord = first.stems.length === 1 && first.text === first.text.toLowerCase()
  if (papers <= fewPapers && isWord) return []
  const isThin = isWord && papers <= manyPapers
  const second = bestBy(
    candidates.filter(
      (phrase) =>
        !phrase.stems.some((stem) => first.stems.includes(stem)) &&
        (isWord || newPapers(first, phrase) >= leastNew * papers) &&
        phrase.score >= 0.4 * first.score &&
        wordCount(first.text) + wordCount(phrase.text) + 1 <= mostWords &&
        (!isThin || phrase.inside >= wholeTheme) &&
        !taken.has(`${first.text} and ${phrase.text}`.toLowerCase()),
    ),
    (phrase) => phrase.score * (1 + newPapers(first, phrase) / papers),
  )
  if (second !== undefined) return [first, second]
  return isThin ? [] : [first]
}

/** For a single word a phrase with it that a good part of the papers have: "honey bee foraging" for "foraging". */
function fuller(word: ThemePhrase, candidates: readonly ThemePhrase[]): ThemePhrase | undefined {
  if (word.stems.length > 1) return undefined
  return candidates.find(
    ({ stems, papers, inside }) =>
      stems.length > 1 && stems.includes(word.stems[0]!) && papers.length > 1 && inside >= leastFuller,
  )
}

function newPapers(first: ThemePhrase, second: ThemePhrase): number {
  return second.papers.filter((paper) => !first.papers.includes(paper)).length
}

function wordCount(text: string): number {
  return text.split(' ').length
}

function bestBy(
  phrases: readonly ThemePhrase[],
  score: (phrase: ThemePhrase) => number,
): ThemePhrase | undefined {
  return phrases.toSorted((a, b) => score(b) - score(a) || (a.key < b.key ? -1 : 1))[0]
}

/** For papers without a common phrase: phrases of their titles, three at most, as many as are short enough. */
function titleLabel(papers: readonly ThemeDocument[], described: readonly DescribedPaper[]): string {
  const subjects = described.flatMap(({ subject }) => subject ?? [])
  if (papers.length === 1) return subjects[0] ?? shortTitle(papers[0]!.title)
  const chosen: string[] = []
  for (const subject of subjects) {
    const words = wordCount([...chosen, 'and', subject].join(' '))
    if (chosen.length < fewPapers && words <= mostTitleWords && !chosen.includes(subject))
      chosen.push(subject)
  }
  return enumerate(chosen) || 'Other subjects'
}

/** The label, numbered when another theme has it. */
function unlike(label: string, taken: Set<string>): string {
  let numbered = label
  for (let number = 2; taken.has(numbered.toLowerCase()); number++) numbered = `${label} (${number})`
  taken.add(numbered.toLowerCase())
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
