import { yearOfArxivId } from '../../methods/references/identifiers.ts'

/** The texts of a document that a year may be read from. */
export interface YearEvidence {
  /** Lines of the first page, in its order. */
  lines: readonly string[]
  /** Lines of the top and bottom margins of the first pages. */
  margins: readonly string[]
  doi: string | undefined
  arxivId: string | undefined
}

const year = String.raw`(?<year>(?:19[5-9]|20[0-4])\d)`
const month = String.raw`(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?`

/**
 * What a paper says of its publication, surest first. Each pattern is tried on all lines before the next one, so that
 * "Published: 3 May 2025" wins over "Submitted: 2021" wherever they stand.
 */
const statements: RegExp[] = [
  // "Published: 21 June 2018", "Date of publication 3 May 2020", "Available online 5 March 2015"
  new RegExp(
    String.raw`\b(?:published|version posted|publication date|date of publication|available online|first published|online publication|publicado)\b(?!\s+(?:in|by|at|under)\b)[^\d]{0,30}(?:\d{1,2}[\s./-]+){0,2}(?:(?:${month}|\d{1,2})[\s.,/-]*)?(?:\d{1,2},?\s+)?${year}\b`,
    'i',
  ),
  new RegExp(
    String.raw`\bpublished (?:online )?(?:in|by|at)\b[^\d]{0,20}(?:${month}|spring|summer|fall|winter)\s*${year}\b`,
    'i',
  ),
  // "Citation: Thomason K, … (2018)", "To cite this article: …"
  new RegExp(
    String.raw`\b(?:citations?|cite (?:this|as)|reference format|please cite|how to cite)\b.{0,300}?[(\s]${year}\b`,
    'i',
  ),
  // "2016;70(10):1-35", "13(6) 2018", "VOL. 7, NO. 5, OCTOBER 1997", "(2015) 12-34"
  new RegExp(String.raw`\b${year};\s?\d+`, ''),
  new RegExp(String.raw`\bvol(?:ume)?\b\.?\s*\d.{0,60}?\b${year}\b`, 'i'),
  new RegExp(String.raw`\b\d{1,4}\s*\(${year}\)\s*[\d:,]`, ''),
  new RegExp(String.raw`\(${year}\)\s*\d{1,4}\s*[:(,]`, ''),
  // "Proceedings of …, Boulder, Colorado, June 2009", "ICML 2011", "31st Conference on … (NIPS 2017)"
  new RegExp(
    String.raw`\b(?:proceedings|proc\.|conference|workshop|symposium|congress|appearing in|presented at|annual meeting|meeting of)\b.{0,200}?\b${year}\b`,
    'i',
  ),
  new RegExp(String.raw`\b[A-Za-z]*[A-Z]{2,}[A-Za-z]{0,3}\s?[-’']?\s?${year}\b`, ''),
  // "© 2014 Association", "Copyright 2011 by the author"
  new RegExp(String.raw`(?:©|\(c\)|\bc|copyright)\s*(?:©|\(c\))?\s*${year}\b`, 'i'),
  new RegExp(String.raw`\$\d+\.\d\d\s*(?:©|c)?\s*${year}\b`, 'i'),
  // "$ 10.00 1997 IEEE" has it the other way round in old IEEE footers
  new RegExp(String.raw`\b${year}\s+(?:IEEE|ACM|Elsevier|Springer|AAAI|Association|The Authors?)\b`, ''),
]

/** "Boeing, (2018). Pynamical: …", "Abdelwanis et al. (2026). …" as a foot line gives the paper's own citation. */
const footCitation = new RegExp(
  String.raw`^\p{Lu}[\p{L}'’ -]{1,40}(?:,| et al\.?,?)?\s*\(${year}\)[.:]\s`,
  'u',
)

/** Sentences that tell of an earlier event, not of this publication. */
const elsewhere = /\b(?:preliminary|earlier|extended abstract|previous) version\b|\bpresented at\b/i

const laterStatements: RegExp[] = [
  // "a version of Zeileis, Köll, and Graham (2020), published in", "has been published as … (2005)"
  new RegExp(
    String.raw`(?:(?<!preliminary |earlier )version of|published|corresponds? to|for citations)[^()]{0,140}(?:\((?:[^()\d]{0,80})|,\s*on [^\d]{0,12})${year}[a-z]?\)?`,
    'i',
  ),
  new RegExp(
    String.raw`\b(?:accepted|revised|in final form)\b[^\d]{0,20}(?:\d{1,2}[\s./-]+)?(?:${month}\s*)?(?:\d{1,2},?\s+)?${year}\b`,
    'i',
  ),
  new RegExp(
    String.raw`\b(?:received|submitted|compiled on|version|dated?|draft)\b[^\d]{0,20}(?:\d{1,2}[\s./-]+)?(?:${month}\s*)?(?:\d{1,2},?\s+)?${year}\b`,
    'i',
  ),
]

/** A line that is a date and nothing else, as papers carry under their authors. */
const dateLine = new RegExp(
  String.raw`^\(?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:${month}|spring|summer|fall|winter)\s*(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?,?\s*${year}\)?\.?$`,
  'i',
)

/**
 * The year of publication: from what the first page and the margins state, then the arXiv identifier, then a published
 * version that the text names, then dates of acceptance and submission, then a DOI that contains a year.
 */
export function findYear({ lines, margins, doi, arxivId }: YearEvidence): number | undefined {
  const texts = [...margins, ...lines, ...joinedPairs(lines)].map((line) => line.slice(0, 400))
  const own = texts.filter((text) => !elsewhere.test(text) || /proceedings/i.test(text))
  return (
    firstMatch(statements.slice(0, 3), own) ??
    firstMatch([footCitation], margins) ??
    firstMatch(statements.slice(3), own) ??
    (arxivId === undefined ? undefined : yearOfArxivId(arxivId)) ??
    firstMatch(laterStatements, [...texts, lines.slice(0, 60).join(' ').slice(0, 5000)]) ??
    firstMatch([dateLine], lines) ??
    yearOfDoi(doi)
  )
}

/** A label on one line and its date on the next, as narrow side columns set them ("Published" / "22 May 2019"). */
function joinedPairs(lines: readonly string[]): string[] {
  return lines.slice(1).map((line, index) => `${lines[index]} ${line}`)
}

function firstMatch(patterns: readonly RegExp[], texts: readonly string[]): number | undefined {
  for (const pattern of patterns) {
    for (const text of texts) {
      const found = pattern.exec(text)?.groups?.year
      if (found !== undefined) return Number(found)
    }
  }
  return undefined
}

/** Elsevier's and IEEE's DOIs contain a year between dots (`10.1016/j.neucom.2015.03.002`). */
function yearOfDoi(doi: string | undefined): number | undefined {
  const found = /[./-]((?:19[5-9]|20[0-4])\d)[./-]/.exec(doi ?? '')?.[1]
  return found === undefined ? undefined : Number(found)
}

/** The year in a PDF date (`D:20180621…`, ISO 32000-2, 7.9.4); `undefined` for anything else. */
export function yearOfPdfDate(date: string | undefined): number | undefined {
  const found = /^(?:D:)?((?:19[89]|20[0-4])\d)/.exec(date ?? '')?.[1]
  return found === undefined ? undefined : Number(found)
}

/**
 * A year in a file's name: four digits anywhere, or two after an author's name (`seung08`) when `newestCited`, the newest
 * year that the document's references have, is that year or one of the three before it.
 */
export function yearOfFileName(name: string, newestCited: number | undefined): number | undefined {
  const long = /(?:^|[^\d])((?:19[5-9]|20[0-4])\d)(?:[^\d]|$)/.exec(name)?.[1]
  if (long !== undefined) return Number(long)
  const short = /\p{L}{3}(\d\d)(?:[^\d]|$)/u.exec(name)?.[1]
  if (short === undefined || newestCited === undefined) return undefined
  const year = Number(short) + (Number(short) > 50 ? 1900 : 2000)
  return year >= newestCited && year - newestCited <= 3 ? year : undefined
}
