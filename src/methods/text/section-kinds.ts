/** Parts of a paper that mean the same in every field; `other` is every other heading. */
export type SectionKind =
  | 'abstract'
  | 'keywords'
  | 'introduction'
  | 'related-work'
  | 'data'
  | 'methods'
  | 'results'
  | 'discussion'
  | 'limitations'
  | 'conclusion'
  | 'acknowledgements'
  | 'references'
  | 'appendix'
  | 'other'

/** The first that matches a heading in lower case decides: "Limitations and conclusion" speaks of limitations. */
const patterns: readonly (readonly [Exclude<SectionKind, 'other'>, RegExp])[] = [
  ['abstract', /^(?:abstract|summary|executive summary|synopsis)$/],
  ['keywords', /^(?:keywords?|key words|index terms|general terms|categories and subject descriptors)$/],
  ['references', /^(?:references(?: and notes)?|bibliography|literature(?: cited)?|works cited)$/],
  [
    'acknowledgements',
    /^(?:acknowledge?ments?|funding|author(?:['’]s|s['’]?)? contributions?|conflicts? of interest|competing interests)\b/,
  ],
  [
    'appendix',
    /^(?:appendix|appendices|supplementary (?:material|information|data)|supporting information)\b/,
  ],
  ['limitations', /\b(?:limitations?|threats to validity|caveats)\b/],
  [
    'conclusion',
    /^(?:conclusions?|concluding remarks|summary and (?:conclusions?|outlook|discussion|future work))\b|\bconclusions?$/,
  ],
  [
    'related-work',
    /^(?:related (?:works?|literature)|previous work|prior work|background|literature review|state of the art)\b/,
  ],
  ['introduction', /^(?:introduction|motivation|statement of need|overview)\b/],
  ['discussion', /^(?:general )?discussions?\b/],
  [
    'results',
    /^(?:(?:main|experimental|empirical|simulation) )?results\b|^(?:findings|evaluation|experiments?)\b|\bresults$/,
  ],
  [
    'methods',
    /^(?:(?:data|materials?|patients|participants) and )?(?:methods?|methodology|procedures?)\b|^(?:experimental (?:set-?up|section|procedures?|design)|approach|models?)$|\bmethods?$/,
  ],
  [
    'data',
    /^(?:data|data ?sets?|data (?:collection|description|sources?)|materials|study area|participants|samples?)$/,
  ],
]

const alone =
  /^(?:abstract|introduction|related works?|background|materials and methods|methods?|methodology|results|results and discussion|discussion|limitations|conclusions?|concluding remarks|acknowledge?ments?|references|bibliography|appendix(?: [a-h])?)$/

/** What a heading, without its number, says of its section. */
export function sectionKind(title: string): SectionKind {
  const words = plain(title)
  return patterns.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other'
}

/** Whether these words are a heading wherever they stand alone on a line, not only in a heading's font. */
export function isHeadingAlone(title: string): boolean {
  return /^\p{Lu}/u.test(title) && alone.test(plain(title))
}

function plain(title: string): string {
  return title.toLowerCase().replaceAll(/\s+/g, ' ').replaceAll('&', 'and')
}
