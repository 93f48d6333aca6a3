import { overlap, type ThemePhrase } from './keywords.ts'

/** What a description says of a paper of the theme. */
export interface DescribedPaper {
  /** Short reference, or the title in quotation marks. */
  reference: string
  /** A phrase of its title. */
  subject?: string | undefined
}

const mostNamed = 3
const mostListed = 5
const numbers = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]
/** A phrase is worth counting when this share of the papers, and two at least, have it; of many papers less will do. */
const leastShare = (papers: number) => (papers > 12 ? 0.1 : 0.3)

/**
 * One sentence on what the papers of a theme share, by count: "Three of the six papers mention deep learning; two
 * mention PyTorch." Of up to five papers it adds which they are. A paper counts for a phrase that stands in its title, keywords or abstract. Where no phrase is shared by two
 * papers and three tenths of them, the sentence says instead which papers the theme holds.
 */
export function describeTheme(
  papers: readonly DescribedPaper[],
  chosen: readonly ThemePhrase[],
  others: readonly ThemePhrase[],
): string {
  const named: ThemePhrase[] = []
  for (const phrase of [...chosen, ...others]) {
    if (named.length === mostNamed) break
    if (!standsAlone(phrase)) continue
    if (phrase.papers.length < Math.max(2, leastShare(papers.length) * papers.length)) continue
    if (!named.some((other) => overlap(other, phrase))) named.push(phrase)
  }
  if (named.length === 0) return `The theme holds ${listPapers(papers)}.`
  const parts = [...Map.groupBy(named, (phrase) => phrase.papers.join()).values()]
    .toSorted(([a], [b]) => b!.papers.length - a!.papers.length)
    .map((phrases, at) => {
      const count = phrases[0]!.papers.length
      const what = enumerate(phrases.map(({ text }) => text))
      return `${at === 0 ? countOf(count, papers.length) : inWords(count)} mention ${what}`
    })
  const isListed = papers.length <= mostListed && papers.some((paper) => !isTitle(paper))
  const listed = isListed ? `: ${listPapers(papers)}` : ''
  return `${capital(parts.join('; '))}${listed}.`
}

/** Whether a phrase stands in a sentence without an article: not so a single noun in the singular. */
function standsAlone({ stems, text }: ThemePhrase): boolean {
  return stems.length > 1 || /\p{Lu}|(?:s|ing)$/u.test(text)
}

/** What is said of papers that resemble no others. */
export function describeStrangers(papers: readonly DescribedPaper[]): string {
  const share = papers.length === 1 ? 'One paper belongs' : `${capital(inWords(papers.length))} papers belong`
  return `${share} to no theme: ${listPapers(papers)}.`
}

function listPapers(papers: readonly DescribedPaper[]): string {
  const shown = papers
    .slice(0, papers.length > mostListed ? mostListed - 1 : mostListed)
    .map((paper) =>
      paper.subject === undefined || isTitle(paper)
        ? paper.reference
        : `${paper.reference} on ${paper.subject}`,
    )
  const left = papers.length - shown.length
  return enumerate(left === 0 ? shown : [...shown, `${inWords(left)} more`])
}

/** Whether a paper is referred to by its title, which says its subject already. */
function isTitle({ reference }: DescribedPaper): boolean {
  return reference.startsWith('“')
}

function countOf(count: number, all: number): string {
  if (count < all) return `${inWords(count)} of the ${inWords(all)} papers`
  return all === 2 ? 'both papers' : `all ${inWords(all)} papers`
}

function inWords(count: number): string {
  return numbers[count] ?? String(count)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** "a", "a and b", "a, b and c". */
export function enumerate(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
