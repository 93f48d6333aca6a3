import type { Concept } from '../../contract/plan.ts'
import { stopWords } from '../../methods/text/stop-words.ts'
import { tokenize, words } from '../../methods/text/tokens.ts'
import { rarity } from './rarity.ts'
import { otherSpelling } from './spellings.ts'
import { synonymsOf } from './synonyms.ts'

/** Words that ask, order or frame, and name no subject. */
const scaffolding = new Set(
  `change changes compare compares compared comparing comparison comparative differ differs different difference differences common
  commonly existing current currently possible various certain respect regard regarding concerning terms related kind kinds type
  types sort way ways approach approaches method methods technique techniques use uses used using usage employ employed apply applied
  work works working handle handles handled deal deals address addresses addressed treat treats treated cope help helps
  exist exists known know role roles study studies paper papers article articles literature research review reviews evidence
  publication publications published propose proposes proposed present presented describe described discuss discussed
  report reported reports investigate investigated examine examined explore explored analyse analyze analysed analyzed identify identified
  affect affects affected influence influences effect effects impact impacts make makes made give gives given take takes get
  stand stood happen happens cause causes lead leads become becomes contribute evaluate evaluates evaluated evaluating
  measure measures measured reduce reduces reduced increase increases increased prevent prevents preventing improve improves improved perform performed performs performance best better good state art
  such including include includes primary overall new recent important main relevant associated
  results result outcome outcomes another one two three several many place placed steer steers extent potential available produce produced find found
  mean means meaning support supports supported focus aspects aspect factor factors issue issues question questions problem problems`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
/** Verbs that name what is done to the subject: a concept of their own. */
const contentVerbs = new Set(
  `teach teaches taught learn learns learned tested detect detects detected predict predicts predicted parse parses
  parsed reproduce reproduces reproduced replicate replicates replicated simulate simulated classify classifies
  classified translate translates translated recognise recognize recognised recognized generate generates generated
  estimate estimates estimated scheduled visualise visualize visualised visualized retrieve retrieved
  segment segmented compress compressed calibrate calibrated forecast forecasts diagnose diagnosed treat vaccinate`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
const mostConcepts = 8
const mostSynonyms = 14
/** A term of only such common stems, as "data" or "effectiveness", is no concept beside others. */
const leastRarity = 3.5
const longestChunk = 4

/** A run of content words, `[start, end)` in the question. */
interface Chunk {
  term: string
  start: number
  end: number
}

/**
 * The concepts of a question in its order: runs of content words between function words and the words that only ask.
 * Alternatives ("overdispersed or clustered data", "asthma, eczema and hay fever") are one concept; acronyms in brackets
 * and hyphens are spelled both ways; a small list of academic synonyms adds other words.
 */
export function conceptsOf(question: string): Concept[] {
  const read = question.slice(0, 2_000).replace(/\s+/g, ' ')
  const acronyms = acronymsIn(read)
  const concepts: Concept[] = []
  for (const [first, ...others] of chainsOf(read, chunksOf(read))) {
    const term = first!.term
    if (
      concepts.some((other) => [other.term, ...other.synonyms].some((known) => keyOf(known) === keyOf(term)))
    )
      continue
    const alternatives = others.flatMap((other) => [other.term, ...variantsOf(other.term, acronyms)])
    const own = variantsOf(term, acronyms)
    const synonyms = [...others.map((other) => other.term), ...own, ...alternatives]
    concepts.push({ term, synonyms: distinct(synonyms, term).slice(0, mostSynonyms) })
  }
  const telling = concepts.filter(({ term }) => rarityOfTerm(term) >= leastRarity)
  const found = (telling.length > 0 ? telling : concepts).slice(0, mostConcepts)
  return found.length > 0 ? found : [{ term: fallbackTerm(read), synonyms: [] }]
}

/** How telling a term is, in bits: the rarity of its rarest stem, and half of that of the others, at most two words' worth. */
export function rarityOfTerm(term: string): number {
  const [rarest = 0, second = 0] = tokenize(term, { compounds: false })
    .map(rarity)
    .sort((one, other) => other - one)
  return rarest + second / 2
}

/** What makes two terms one: their stems in order. */
export function keyOf(term: string): string {
  return tokenize(term, { compounds: false }).join(' ')
}

function chunksOf(question: string): Chunk[] {
  const chunks: Chunk[] = []
  let open: Chunk | undefined
  const close = () => {
    if (open) chunks.push(open)
    open = undefined
  }
  const all = words(question)
  for (const [index, { text, start, end }] of all.entries()) {
    const lower = text.toLowerCase()
    if (open && question.slice(open.end, start).trim() !== '') close()
    if (!isContent(text)) {
      // "type 2 diabetes", "vitamin D": a number or a letter between or after content words belongs to them.
      const belongs = open !== undefined && /^(?:\d{1,3}|\p{Lu})$/u.test(text)
      if (belongs) open = { term: `${open!.term} ${text}`, start: open!.start, end }
      else close()
      continue
    }
    const last =
      all[index + 1] === undefined ||
      question.slice(end, all[index + 1]!.start).trim() !== '' ||
      stopWords.has(all[index + 1]!.text.toLowerCase())
    const separate =
      contentVerbs.has(lower) ||
      /\p{L}{3}ly$/u.test(lower) ||
      (last && open !== undefined && /\p{L}{3}ed$/u.test(lower)) ||
      // "do models hallucinate": after a plural, such an ending is a verb's; the phrase of both stands in few papers.
      (last && open !== undefined && /s$/.test(open.term) && /\p{L}{3}(?:ate|i[sz]e|ify)$/u.test(lower))
    // "structural changes", "adverse effects": a word that asks is a noun of the subject after another.
    const framing = scaffolding.has(lower) && !(open !== undefined && qualified.has(lower))
    if (framing || separate) close()
    if (framing) continue
    if (open === undefined || open.term.split(' ').length >= longestChunk) {
      close()
      open = { term: text, start, end }
    } else open = { term: `${open.term} ${text}`, start: open.start, end }
    if (separate && contentVerbs.has(lower)) close()
  }
  close()
  return chunks
}

/** Chunks joined by "or", and lists of three and more, as alternatives; an adjective before "or" gets the noun after it. */
function chainsOf(question: string, chunks: readonly Chunk[]): Chunk[][] {
  const runs: Chunk[][] = []
  let joints: string[] = []
  const close = (run: Chunk[]) => {
    const alternatives = run.length > 2 || joints.includes('or')
    if (!alternatives && run.length > 1) runs.splice(-1, 1, ...run.map((chunk) => [chunk]))
    joints = []
  }
  for (const chunk of chunks) {
    const run = runs.at(-1)
    const joint = run
      ? /^\s*(?:,\s*)?(or|and|,)?\s*$/.exec(question.slice(run.at(-1)!.end, chunk.start))?.[0].trim()
      : ''
    if (run && joint) {
      joints.push(joint.replace(/^,\s*/, ''))
      const before = run.at(-1)!
      const [head, ...modifiers] = chunk.term.split(' ').reverse()
      if (joint === 'or' && modifiers.length > 0 && adjective.test(before.term))
        before.term = `${before.term} ${head}`
      run.push(chunk)
    } else {
      if (run) close(run)
      runs.push([chunk])
    }
  }
  const last = runs.at(-1)
  if (last) close(last)
  return runs
}

const adjective = /^\S+(?:ed|al|ive|ic|ous|ary|ar|ful|less)$/
const qualified = new Set(
  'change changes effect effects question problem problems role performance state factors review research study methods techniques approach'.split(
    ' ',
  ),
)

function isContent(word: string): boolean {
  return word.length > 1 && !stopWords.has(word.toLowerCase()) && !/^\d+$/.test(word)
}

function distinct(terms: readonly string[], without: string): string[] {
  const seen = new Set([without.toLowerCase()])
  return terms.filter((term) => !seen.has(term.toLowerCase()) && seen.add(term.toLowerCase()))
}

function variantsOf(term: string, acronyms: ReadonlyMap<string, string>): string[] {
  const own = unspelledVariants(term, acronyms)
  return [otherSpelling(term), ...own.flatMap((variant) => [variant, otherSpelling(variant)])].filter(
    (variant) => variant !== undefined,
  )
}

function unspelledVariants(term: string, acronyms: ReadonlyMap<string, string>): string[] {
  const acronym = acronyms.get(keyOf(term))
  const parts = term.split(' ')
  const shorter = parts.length > 2 && !/\d|^\p{L}$/u.test(parts.at(-1)!) ? [parts.slice(-2).join(' ')] : []
  return [
    ...(acronym === undefined ? [] : [acronym]),
    ...(/\p{L}-\p{L}/u.test(term) && !/\d/.test(term) ? [term.replaceAll('-', ' ')] : []),
    ...synonymsOf(term, keyOf),
    ...shorter,
  ]
}

/** "principal component analysis (PCA)" gives both from either; the letters must be the words' initials. */
function acronymsIn(question: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const match of question.matchAll(/((?:[\p{L}-]{1,30}\s){1,6})\((\p{Lu}[\p{Lu}\d]{1,6})s?\)/gu)) {
    const initials = match[2]!.toLowerCase()
    const before = match[1]!
      .trim()
      .split(/[\s-]+/)
      .slice(-initials.length)
    if (before.map((word) => word[0]!.toLowerCase()).join('') !== initials) continue
    found.set(keyOf(before.join(' ')), match[2]!)
    found.set(keyOf(match[2]!), before.join(' '))
  }
  return found
}

function fallbackTerm(question: string): string {
  const [longest] = words(question)
    .map(({ text }) => text)
    .sort((one, other) => other.length - one.length)
  return longest ?? question.trim().slice(0, 80)
}
