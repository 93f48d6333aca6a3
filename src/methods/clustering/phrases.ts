import { stem } from '../text/stems.ts'
import { stopWords } from '../text/stop-words.ts'
import { foldText, words } from '../text/tokens.ts'
import { isGeneric } from './generic-words.ts'

/** What a paper is about, in its own words. */
export interface ThemeDocument {
  id: string
  title: string
  /** The authors' keywords. */
  keywords?: readonly string[]
  /** Abstract, or any text that tells the subject. */
  text: string
  /** What the paper's body says of its problem and method: weighs least, and gives no names. */
  quotations?: string
  /** Family names of the authors, which name no theme. */
  authors?: readonly string[]
}

/** A phrase of one document. */
export interface Phrase {
  /** Folded stems of its words, joined by spaces: the same for singular and plural. */
  key: string
  /** Its stems, without the little words between them. */
  stems: readonly string[]
  /** Whether it stands in the title or is among the keywords. */
  inTitle: boolean
  /** Whether it stands in the title itself. */
  titled: boolean
  /** Occurrences, and those in which it is not a piece of a longer noun phrase. */
  count: number
  whole: number
  /** Occurrences after an article or a preposition, or in a title: where nouns stand and verbs do not. */
  nominal: number
  /** Spellings with their numbers. */
  forms: Map<string, number>
}

const longestText = 20_000
const mostWords = 5
/** In titles all words have capitals, and a paper is not named after its authors. */
const noNames: ReadonlySet<string> = new Set()
const connectors = new Set(['of', 'in', 'for', 'with', 'on', 'and', 'to', 'by', 'between'])
/** Words that stand between two noun phrases. */
const breakers = new Set(
  'using via toward towards including containing behind across among through throughout under over within without against about beyond into onto upon versus per'.split(
    ' ',
  ),
)
const articles = new Set(['the', 'a', 'an'])
/** Words that stand before nouns or after them but never are one: no phrase begins or ends with them. */
const notNouns = /(?:[a-z]ly|ous|ible|able|ful|less|[aeiou]tive|[rst]ive|ary)$/
const nounsAll =
  /^(?:family|assembly|anomaly|supply|reply|table|cable|variable|library|vocabulary|boundary|summary|dictionary|virus|consensus|disease|archive|drive|incentive|additive|perspective|narrative|derivative|preservative|sedative|native|olive|nonnegative|adjective)$/
const adjectives = /(?:[a-z]{2}ical|ional|[a-z]{2}ic|[a-z]{3}al|ian|ient|[ae]nt)$/
const nounsLikeAdjectives =
  /^(?:statistic|metric|topic|clinic|logic|music|ethic|fabric|arithmetic|antibiotic|antipsychotic|hypoglycemic|diuretic|mechanic|traffic|pandemic|epidemic|mosaic|plastic|ceramic|characteristic|heuristic|diagnostic|analgesic|lipid|animal|trial|signal|journal|hospital|capital|potential|interval|survival|retrieval|arrival|removal|approval|portal|metal|crystal|mineral|material|chemical|professional|rehearsal|proposal|manual|individual|goal|canal|meal|criminal|withdrawal|tutorial|residual|withdrawal|patient|agent|student|gradient|coefficient|ingredient|nutrient|component|element|treatment|management|measurement|assessment|environment|movement|deployment|instrument|experiment|requirement|development|improvement|involvement|segment|event|moment|argument|content|document|government|employment|investment|adolescent|accident|client|transient|current|constant|plant|infant|variant|mutant|participant|antioxidant|coolant|invariant|antidepressant|transplant|relaxant|determinant|talent|patent|parent|extent|intent|comedian|librarian|pedestrian|physician|technician|musician|civilian|mathematician|hessian|gaussian|hamiltonian|lagrangian)s?$/

type Place = 'title' | 'keywords' | 'text'

interface Token {
  text: string
  stem: string
  kind: 'content' | 'connector' | 'article' | 'generic'
}

/**
 * All noun-like phrases of a document's title, keywords and text, of one to five words, by key. Reads the first 20,000
 * characters of its text.
 */
export function readPhrases(document: ThemeDocument): Map<string, Phrase> {
  const { title, keywords = [], text, authors = [] } = document
  const phrases = new Map<string, Phrase>()
  const names = new Set(authors.flatMap((author) => foldText(author).split(/[^\p{L}\p{N}]+/u)))
  for (const [passage, place] of [
    [withoutExclusion(title.slice(0, 1_000)), 'title'],
    [keywords.join('; ').slice(0, 1_000), 'keywords'],
    [text.slice(0, longestText), 'text'],
  ] as const) {
    for (const clause of clausesOf(passage, place === 'text' ? names : noNames))
      addPhrases(phrases, clause, place)
  }
  return phrases
}

/** "Finding themes without a language model" is not about language models. */
export function withoutExclusion(title: string): string {
  return title.replace(/\bwithout\b[^:;?!.]*/gi, '|')
}

/** The passage without formulas, markup, addresses and citations: what they name is no subject. */
export function withoutApparatus(passage: string): string {
  return passage
    .replaceAll(/\$[^$]{0,300}\$|\\[a-zA-Z]{1,30}|<[^<>]{0,100}>|&[a-z]{2,8};/g, ' | ')
    .replaceAll(/\bhttps?:\S{0,300}|\S{1,100}@\S{1,100}/g, ' | ')
    .replaceAll(
      /\p{Lu}[\p{L}'-]{1,30}(?:,? (?:and|&) \p{Lu}[\p{L}'-]{1,30}| et al\.?)?,? ?[([]?\b(?:19|20)\d\d[a-z]?\b[)\]]?/gu,
      ' | ',
    )
}

/** Runs of words without punctuation, function words (but connectors), citations, formulas, addresses and names between them. */
function clausesOf(passage: string, names: ReadonlySet<string>): Token[][] {
  const plain = withoutApparatus(passage)
  const clauses: Token[][] = []
  let clause: Token[] = []
  let end = 0
  const close = () => {
    if (clause.length > 0) clauses.push(clause)
    clause = []
  }
  for (const word of words(plain)) {
    if (/[^\s]/.test(plain.slice(end, word.start).slice(0, 50))) close()
    end = word.end
    const isAuthor = names.has(foldText(word.text)) && /^\p{Lu}/u.test(word.text)
    const token = isAuthor ? undefined : readToken(word.text)
    if (token === undefined) close()
    else clause.push(token)
  }
  close()
  return clauses
}

function readToken(text: string): Token | undefined {
  const folded = foldText(text).replace(/['’]s$/, '')
  if (connectors.has(folded)) return { text: folded, stem: folded, kind: 'connector' }
  if (articles.has(folded)) return { text: folded, stem: folded, kind: 'article' }
  if (breakers.has(folded) || stopWords.has(folded) || text.length > 40 || !/^\p{L}/u.test(text))
    return undefined
  const parts = folded.split(/[-‐‑]/).map((part) => stem(americanSpelling(part)))
  const stemmed = parts.join('')
  if (stemmed === '') return undefined
  const short = folded.length < 3 && !/^\p{Lu}{1,2}$/u.test(text)
  const generic =
    isGeneric(stemmed) || parts.every((part) => part.length < 3 || isGeneric(part) || stopWords.has(part))
  return { text, stem: stemmed, kind: short || generic ? 'generic' : 'content' }
}

/** "prioritisation" and "prioritization" are one word. */
function americanSpelling(word: string): string {
  return word.length < 8 ? word : word.replace(/is(ations?|e[ds]?|ing)$/, 'iz$1')
}

function addPhrases(phrases: Map<string, Phrase>, clause: readonly Token[], place: Place): void {
  for (let start = 0; start < clause.length; start++) {
    if (!mayBegin(clause[start]!)) continue
    let length = 0
    for (let end = start; end < clause.length && length < mostWords; end++) {
      const token = clause[end]!
      if (token.kind !== 'article') length++
      if (!mayEnd(token)) continue
      const part = clause.slice(start, end + 1)
      if (!isSubject(part) || joinsBadly(part)) continue
      const before = clause[start - 1]
      const after = clause[end + 1]
      const open = (token: Token | undefined) => token?.kind === 'content' || token?.kind === 'generic'
      // A noun alone is the head of any phrase it ends: "algebra" also in "Lie algebra".
      const whole =
        isEstablished(keyOf(part)) || (!open(after) && (length === 1 || !open(before) || !mayBegin(before!)))
      add(phrases, part, place, whole, place !== 'text' || isDeterminer(clause[start - 1]))
    }
  }
}

/** Terms of their own, though each of their words stands in any paper. */
const established = new Set([
  'time seri',
  'random effect',
  'case control',
  'causal effect',
  'error correct',
  'machin learn',
  'scientif comput',
  'comput scienc',
  'structur chang',
  'numer comput',
  'numer analysi',
  'data scienc',
  'signal process',
  'softwar engin',
])

function isSubject(part: readonly Token[]): boolean {
  return part.some(({ kind }) => kind === 'content') || isEstablished(keyOf(part))
}

function keyOf(part: readonly Token[]): string {
  return part.map(({ stem }) => stem).join(' ')
}

/** Whether a phrase, by its key, is a term although each of its words is general. */
export function isEstablished(key: string): boolean {
  return established.has(key)
}

function isDeterminer(token: Token | undefined): boolean {
  return (
    token?.kind === 'article' || (token?.kind === 'connector' && token.text !== 'to' && token.text !== 'and')
  )
}

/** Words that count, compare or point; a name begins with what comes after them. */
const weakOpeners =
  /^(?:one|two|three|four|five|six|seven|eight|nine|ten|new|novel|given|known|fewer|good|better|best|various|make|get|getting|shown|initial|previous|prior|current|recent|different|various|possible|potential|additional|high(?:er|est)?|low(?:er|est)?|lack|use|effects?|impact|role|study|safety|efficacy|evaluation|comparison|number|rate|level|first|second|third|significant|important|due)$/i

/** "Visualize discrete systems" is about the systems. */
const verbs = /[a-z]{3}(?:[iy][sz]e|ify)$/

function mayBegin({ kind, text, stem: stemmed }: Token): boolean {
  if (kind === 'connector' || kind === 'article' || weakOpeners.test(text)) return false
  if (stemmed.length < 2 || /[a-z]ly$/.test(text) || verbs.test(text)) return false
  return kind !== 'generic' || text.includes('-') || !/(?:ed|ing|s)$/.test(text)
}

function mayEnd({ kind, text, stem: stemmed }: Token): boolean {
  if (kind === 'connector' || kind === 'article') return false
  const lower = text.toLowerCase()
  if (stemmed.length === 1 && !/^\p{Lu}$/u.test(text)) return false
  if (
    /^(?:using|including|containing|providing|involving|regarding|concerning|making|having|being)$/.test(
      lower,
    )
  )
    return false
  if (notNouns.test(lower) && !nounsAll.test(lower)) return false
  if (/(?:[^e]ed|ied)$/.test(lower) && lower.length > 4) return false
  return !adjectives.test(lower) || nounsLikeAdjectives.test(lower) || /ics$/.test(lower)
}

/** At most one connector, never "and" or "to" between single words of a longer phrase, and no article at its borders. */
function joinsBadly(part: readonly Token[]): boolean {
  const joints = part.filter(({ kind }) => kind === 'connector')
  if (joints.length > 1 || joints.some(({ text }) => /^(?:and|to|by|with|on|between)$/.test(text)))
    return true
  return part.some(({ kind }, at) => kind === 'article' && part[at - 1]?.kind !== 'connector')
}

function add(
  phrases: Map<string, Phrase>,
  part: readonly Token[],
  place: Place,
  whole: boolean,
  nominal: boolean,
): void {
  const key = keyOf(part)
  const form = part.map(({ text }) => text).join(' ')
  let phrase = phrases.get(key)
  if (phrase === undefined) {
    const stems = part.filter(({ kind }) => kind === 'content' || kind === 'generic').map(({ stem }) => stem)
    phrase = { key, stems, inTitle: false, titled: false, count: 0, whole: 0, nominal: 0, forms: new Map() }
    phrases.set(key, phrase)
  }
  phrase.count++
  if (whole) phrase.whole++
  if (nominal) phrase.nominal++
  if (place !== 'text') phrase.inTitle = true
  if (place === 'title') phrase.titled = true
  // A verb of the same stem ("prioritise") must not lend its form to the noun ("prioritisation").
  const weight = (place === 'text' ? 1 : 0.5) * (nominal || part.length > 1 ? 1 : 0.2)
  phrase.forms.set(form, (phrase.forms.get(form) ?? 0) + weight)
}
