import { stem } from '../../methods/text/stems.ts'
import { comparisonCue } from './cues.ts'
import { isKnownStem } from './rarity.ts'

/** Bounds on a quotation's length in characters: shorter says nothing alone, longer is not read. */
const shortest = 40
const longest = 400

/** Openings that lean on the sentence before. */
const leaning =
  /^(?:(?:this|these|that|those|such|it|its|they|their|them|he|she|his|her|here|however|therefore|thus|hence|moreover|furthermore|additionally|also|but|and|or|so|then|next|instead|similarly|likewise|finally|lastly|specifically|conversely|consequently|accordingly|nevertheless|nonetheless|otherwise|still|yet|again|besides|meanwhile|subsequently|afterwards?|alternatively|first(?=,)|firstly|second|secondly|third|thirdly|fourth|indeed|namely|hereafter|hereby|rather|both|neither|either|another|which|because of this|one (?:such|of these)|more (?:specifically|precisely|generally|formally)|note that|notice that|recall that|observe that|to this end|to do (?:so|this)|to (?:solve|overcome|address|avoid|tackle|remedy|resolve|handle|fix|deal with) (?:this|these|such|it|them)|doing so|as (?:such|further|mentioned|noted|described|discussed|shown|stated|before|above|we|can be seen|expected|a result|a consequence|already|usual|seen|explained|outlined|in|an? (?:example|illustration))|for (?:example|instance|this|that|these|those|more|further|details|the (?:latter|former|same))|in (?:addition|contrast|particular|fact|other words|turn|this|that|these|those|such|both|summary|short|the (?:following|next|latter|former|same|above|previous|preceding|first|second|third|last)|what follows|all (?:these|cases))|on the (?:other|contrary|one)|by (?:contrast|the way|this|doing)|at (?:this|that|the same)|from (?:this|these|here|that)|with (?:this|these|that|such)|under (?:this|these)|after (?:this|that)|the (?:latter|former|following|above|same|other|others|second|third|next|first two|remaining|resulting|corresponding|rest)|of (?:these|course)|we (?:now|next|then|will now|also|see|note|recall|can see|turn|do so|therefore|thus)|let (?:us|\w)\b|see |if so|to (?:see|illustrate) |that is|i\.e|e\.g|where|while this|when this)\b)/i
/** The same words where they name the paper itself and so stand alone. */
const ownPaper =
  /^(?:(?:in|with|throughout|within) )?(?:this|the present) (?:paper|article|work|study|survey|review|report|thesis|chapter|vignette|manuscript|contribution|tutorial|replication|reproduction|course|module|package|project|research)\b/i
const ownResults =
  /^(?:these|our|the) (?:results|findings|experiments|observations|data) (?:show|suggest|indicate|demonstrate|confirm|support|reveal|imply)/i

const pointer =
  /\b(?:as follows|see (?:section|figure|fig|table|appendix|also|above|below|e\.g)|the following|(?:as|is|are|was|were) (?:shown|given|listed|displayed|depicted|illustrated|presented|summari[sz]ed|plotted|reported|described|discussed) (?:in|by|below|above)|(?:section|figure|fig\.|table|listing|equation|eq\.|appendix|chapter|algorithm) \(?\d|above|below|previous section|next section)/i
const administrative =
  /@|https?:|www\.|\bdoi\b|doi\.org|©|\bcopyright\b|all rights reserved|creative commons|\blicen[sc]ed? (?:under|as)|\bISSN\b|\bISBN\b|corresponding author|^(?:received|accepted|published|submitted|editor|reviewers?|citation|keywords?|permission|funding|to cite)\b|\bpermission to (?:make|copy)|\b(?:University|Institute|Department|Faculty|School|Laborator(?:y|ies)) of\b.*\b(?:University|USA|Germany|UK|Canada|Austria|France|\d{5})\b|authors? declare|thank\b|grateful|was supported by|grant (?:no|number)|table of contents/i
const reference =
  /\b(?:pp\.|vol\.|proceedings of the \w+ (?:annual|international|conference)|\d+\(\d+\)\s?[,:]\s?\d+|\d{1,4}\s?[–-]\s?\d{1,4}\.$)|^\p{Lu}[\p{L}'’-]+,? (?:\p{Lu}\.[ -]?){1,3}(?:,| and | &|\()|\((?:19|20)\d\d[a-z]?\)\.\s|^\[\d+\]/iu
const code =
  /[{}\\]|<-|::|\w\(\w*\s?=|=\s?(?:TRUE|FALSE|NULL)|\$\w|;\s|==|&&|\|\||\w_\w+_\w|^\s*(?:R>|>>>|>|#|\$)|\b(?:library|function|print|data\.frame|import|def|return)\s?\(/
const mathematics = /[=≈≡∑∏∫∂∇√∈∉⊂⊆∪∩∀∃→←↔⇒⇐⇔≪≫⊗⊕⊤⊥∥〈〉⟨⟩ˆ˜¯∗′″]|[\u{1d400}-\u{1d7ff}]/gu
const unreadable = /[\p{Cc}\p{Co}\ufffd]/u
const verb =
  /\b(?:is|are|was|were|be|been|has|have|had|can|could|may|might|will|would|should|must|do|does|did|we|i|you)\b|\p{L}{3,}(?:ed|es|ize|izes|ates?|ows?|ends?|ains?|ers|ores|uces|ides|ows|eeds?|ets|ines|ives|ys|acks|eals|elps|ains)\b/u
/** A heading set at the beginning of its paragraph: "Residual Dropout We apply …". */
const runInHeading =
  /^[^.:;,"“(]{3,60}? (?:We|The|In|This|Our|These|It|For|An|To|As|If|Since|When|Although|While|There|Both|Each|All|Here|Given|After|Before) \p{Ll}/u
/** Traces of footnote marks and lost spaces: "each GPU 5 .", "clipping.This". */
const debris =
  /\s\.\S|[\p{Ll})]\.\p{Lu}\p{Ll}|\s\d{1,2}\s?\.$|\s[.,;](?:\s|$)|\p{Ll}\d{1,2}\.$|\?{2}|\.{3,}|[•■▪∗*†‡§~]/u
const abstractPrefix =
  /^(?:abstract|summary|introduction|background|conclusions?|results?|methods?|motivation|discussion|keywords|objectives?)\b[\s:.—–-]*\p{Lu}/iu

/** Steps and items of a list, which say what to do and not what is so. */
const order =
  /^(?:(?:enable|provide|ensure|explain|identify|describe|understand|learn|compute|define|consider|choose|suppose|assume|imagine)\b|(?:use|allow|support|make|improve|create|check|repeat|set|run|add|remove|select|install|download|apply|find|write|build|develop|implement|click|open|try|take|let|keep) (?:the|a|an|your|all|each|any|new|more|one|it|that|this|these|up)\b)/i

/** Cells of a table that stands in the text: three numbers or dashes in a row. */
const cells = /(?:(?:^|\s)(?:[-–—]|[±<>≤≥~]?\d[\d.,]*%?)(?=\s)){3}/

/** A name written small opens a sentence: "pylj offers …", "lme4 is …". */
const smallName =
  /^(\p{Ll}[\p{L}\d.]{1,20}) (?:is|are|was|offers|provides|enables|can|has|uses|contains|implements|allows|supports|includes)\b/u

/**
 * Whether a sentence can be quoted alone: whole, of a readable length, with a verb, not leaning on the one before, and
 * not a heading, reference, formula, code or formality. `afterSentence`: it follows the end of another, so that a small
 * letter at its beginning is no sign of a cut.
 */
export function isQuotableSentence(text: string, afterSentence = false): boolean {
  if (text.length < shortest || text.length > longest) return false
  const small = afterSentence ? smallName.exec(text)?.[1] : undefined
  const opens = /^["“‘']?\p{Lu}/u.test(text) || (small !== undefined && !isKnownStem(stem(small)))
  if (!opens || !/[.!][)”"’']?(?:\s?\[[\d, –-]+\])?$/u.test(text)) return false
  if (unreadable.test(text) || administrative.test(text) || reference.test(text)) return false
  if (order.test(text) || (leaning.test(text) && !ownPaper.test(text) && !ownResults.test(text))) return false
  if (/^To \p{Ll}[^,]*$/u.test(text) || /^\p{Lu}[\p{L} ]{2,40} [—–] \p{Lu}/u.test(text)) return false
  if (/\b(?:threefold|twofold|as follows|the following|these|this|those|below|above)\.$/.test(text))
    return false
  if (abstractPrefix.test(text) || /^(?:\p{Lu}\.?\s?\d|\p{Lu}\s\p{Lu}\s)/u.test(text)) return false
  if (!isBalanced(text) || !verb.test(text)) return false
  return (
    isProse(text) && !cells.test(text) && !code.test(text) && !runInHeading.test(text) && !debris.test(text)
  )
}

/** An equation: "=" but not a statistic or a setting as "p = 0.01", "n = 20", "T=100". */
const equation = /(?<!\b(?:\p{L}|sd|se|df|or|hr|rr|ci|r2|md|smd))\s?=|=\s?(?![-–−+.\d\s]|\s\d)/iu

/** Whether a text is mostly words: letters make up most of it, formulas and single letters (also with an index: "dj") little. */
function isProse(text: string): boolean {
  const compact = text.replace(/\s/g, '')
  const letters = compact.match(/\p{L}/gu)?.length ?? 0
  if (letters < 0.72 * compact.length) return false
  if (equation.test(text)) return false
  const words = text.split(/\s+/)
  if (words.some((word) => word.length > 40)) return false
  const single = words.filter(
    (word) =>
      /^[^\p{L}\p{N}]*(?:\p{L}|[a-zA-Z][ijk])[^\p{L}\p{N}]*$/u.test(word) &&
      !/^["“(]?[aAI][,"”)]?$/.test(word),
  )
  if (single.length > Math.max(1, 0.08 * words.length)) return false
  const capitals = words.filter((word) => /^\p{Lu}/u.test(word)).length
  if (words.length > 5 && capitals > 0.6 * words.length) return false
  return (text.match(mathematics) ?? []).length <= (comparisonCue.test(text) ? 2 : 1)
}

function isBalanced(text: string): boolean {
  const count = (mark: RegExp) => (text.match(mark) ?? []).length
  return (
    count(/\(/g) === count(/\)/g) &&
    count(/\[/g) === count(/\]/g) &&
    count(/“/g) === count(/”/g) &&
    count(/"/g) % 2 === 0
  )
}

/**
 * How well a sentence is understood by one who has not read the rest, 0 to 1: pointers to figures and sections, pronouns
 * without their noun and great length take from it.
 */
export function independence(text: string): number {
  let value = 1
  if (pointer.test(text)) value -= 0.35
  if (/\b(?:this|these|those|it|they|them|its|their)\b/i.test(text.slice(0, 60)) && !ownPaper.test(text))
    value -= 0.2
  if (
    /\b(?:the latter|the former|respectively|such an?|aforementioned|mentioned|earlier|later)\b/i.test(text)
  )
    value -= 0.15
  if (
    /\b(?:this|these|such|that|those) (?!paper|article|work|study|the\b|we\b|is\b|are\b|a\b|an\b|it\b|they\b|can\b|has\b|have\b|as\b)\p{Ll}+/iu.test(
      text,
    ) &&
    !ownResults.test(text)
  )
    value -= 0.2
  if (
    /, (?:however|therefore|thus|then|hence|too|instead|though)[,.]|\b(?:again|latter|thereby)\b/.test(text)
  )
    value -= 0.25
  if (
    /^(?:figures?|tables?|equation|section|appendix|algorithm|listing|panel|bottom|top|left|right|upper|lower|once|as the)\b/i.test(
      text,
    )
  )
    value -= 0.5
  if (
    /\b(?:left|right|upper|lower|top|bottom|first|second|last|next)(?:-hand)? (?:columns?|panels?|plots?|rows?|side)\b/i.test(
      text,
    )
  )
    value -= 0.35
  if (/(?<!\()\b(?:tables?|figures?|figs?\.|panels?) (?:\d|[A-F]\b)/i.test(text)) value -= 0.25
  if (/\b(?:these|this) (?:is|are|was|were|can|has|have|will)\b/i.test(text)) value -= 0.2
  if (ownResults.test(text)) value -= 0.1
  if (text.length > 280) value -= 0.15
  if (text.length < 60) value -= 0.1
  return Math.max(0, value)
}
