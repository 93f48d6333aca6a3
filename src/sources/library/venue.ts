/** The venue of a paper and its place there, as far as a line of the page states them. */
export interface Venue {
  venue?: string
  volume?: string
  issue?: string
  pages?: string
}

/** Forms of citation lines in headers and footers. Group names are those of {@link Venue}. */
const forms: RegExp[] = [
  // Proceedings of the 52nd Annual Meeting of the ACL, pages 624–633,
  /(?<venue>Proceedings of [^,]{5,180}?),?\s+(?:pages?|pp\.)\s*(?<pages>\d+\s?[–-]\s?\d+)/i,
  // Journal of Statistical Software 2016;70(10):1–35
  /(?<venue>\p{Lu}[\p{L}&: ]{4,80}?),?\s+(?:19|20)\d\d;\s?(?<volume>\d+)(?:\((?<issue>[\d-]+)\))?:(?<pages>e?\d+(?:\s?[–-]\s?\d+)?)/u,
  // British Medical Bulletin, 2015, 113:45–58
  /^(?<venue>\p{Lu}[\p{L}&: ]{4,80}?), (?:19|20)\d\d, (?<volume>\d+)(?:\((?<issue>[\d-]+)\))?:\s?(?<pages>e?\d+(?:\s?[–-]\s?\d+)?)/u,
  // Journal of Open Source Education, 1(1), 15.
  /(?:^|[.?!] )(?<venue>(?:The )?\p{Lu}[\p{L}&: ]{4,80}?), (?<volume>\d+)\((?<issue>\d+)\),\s*(?<pages>e?\d+(?:\s?[–-]\s?\d+)?)/u,
  // PLoS ONE 13(6): e0197919
  /(?:^|[.?!] )(?<venue>\p{Lu}[\p{L}& ]{3,60}?) (?<volume>\d+)\((?<issue>\d+)\):\s?(?<pages>e?\d+)/u,
  // IEEE TRANSACTIONS ON CIRCUITS AND SYSTEMS FOR VIDEO TECHNOLOGY, VOL. 7, NO. 5, OCTOBER 1997
  /(?<venue>\p{Lu}[\p{L}&\- ]{6,120}?),? VOL(?:UME|\.)?\s*(?<volume>\d+),\s*(?:NO|ISSUE)\.?\s*(?<issue>\d+)/iu,
  // Neurocomputing 149 (2015) 1215–1225
  /^(?<venue>\p{Lu}[\p{L}&\- ]{4,80}?),? (?<volume>\d{1,4})(?: ?\((?<issue>\d{1,3})\))? ?\((?:19|20)\d\d\):? (?<pages>e?\d+(?:\s?[–-]\s?\d+)?)/u,
  // Journal of Machine Learning Research 3 (2003) 993-1022
  /^(?<venue>(?:ReScience C)) (?<volume>\d+)\.(?<issue>\d+)/u,
  // In Proceedings without pages: Appearing in Proceedings of the 28th International Conference on Machine Learning, Bellevue
  /(?:^|\bin )(?<venue>Proceedings of the [^,.(]{10,160})(?=[,.(])/i,
]

/** Reads venue, volume, issue and pages from the first of the lines that states them in a known form. */
export function findVenue(lines: readonly string[]): Venue {
  for (const form of forms) {
    for (const line of lines) {
      const groups = form.exec(line.slice(0, 500))?.groups
      if (!groups) continue
      const venue: Venue = {}
      for (const name of ['venue', 'volume', 'issue', 'pages'] as const) {
        const value = groups[name]?.trim().replace(/\s?[–-]\s?/g, name === 'pages' ? '-' : '$&')
        if (value) venue[name] = value
      }
      if (venue.venue !== undefined) return { ...venue, venue: unshout(venue.venue) }
    }
  }
  return {}
}

const small = new Set(['on', 'of', 'and', 'for', 'the', 'in'])
const acronyms = new Set(['IEEE', 'ACM', 'SIAM', 'AAAI', 'USENIX', 'VLDB', 'IEICE'])

/** Headers print a journal's name in capitals. */
function unshout(venue: string): string {
  const name = venue.replace(/^\d+\s+/, '')
  if (name !== name.toUpperCase() || !name.includes(' ')) return name
  return name
    .split(' ')
    .map((word, index) => {
      if (acronyms.has(word)) return word
      const lower = word.toLowerCase()
      return index > 0 && small.has(lower)
        ? lower
        : lower.replace(/^\p{L}/u, (letter) => letter.toUpperCase())
    })
    .join(' ')
}
