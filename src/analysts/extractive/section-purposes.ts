import { withoutLigatures } from '../../methods/text/ligatures.ts'

/** What a section is for, as far as its heading tells. */
export type SectionPurpose =
  | 'abstract'
  | 'introduction'
  | 'related'
  | 'methods'
  | 'data'
  | 'results'
  | 'discussion'
  | 'limitations'
  | 'conclusion'
  | 'other'

/** First match wins: a heading "Results and discussion" is results, "Discussion and conclusions" is a conclusion. */
const headings: readonly (readonly [SectionPurpose, RegExp])[] = [
  ['abstract', /\b(?:abstract|summary)\b/],
  [
    'limitations',
    /\b(?:limitations?|threats to validity|caveats|shortcomings|future (?:work|research|directions)|open (?:problems|questions))\b/,
  ],
  ['conclusion', /\b(?:conclusions?|concluding|conclude)\b/],
  [
    'related',
    /\b(?:related work|previous work|prior work|state of the art|literature|background|overview)\b/,
  ],
  ['introduction', /\b(?:introduction|motivation|statement of need|objectives?|aims?|purpose|rationale)\b/],
  [
    'results',
    /\b(?:results?|findings|evaluation|experiments?|experimental results|outcomes?|impact|applications?|performance|benchmarks?|comparisons?|reproduc\w+)\b/,
  ],
  ['discussion', /\b(?:discussion|interpretation|implications|experience|lessons)\b/],
  ['data', /\b(?:data ?sets?|data|corpus|corpora|participants|patients|subjects|samples?|materials?)\b/],
  [
    'methods',
    /\b(?:methods?|methodology|approach|models?|algorithms?|procedures?|design|architecture|implementation|estimation|training|setup|theory|framework|software|content|analysis|statistical)\b/,
  ],
]

/** The kind of section that stands under a heading; `other` when the heading does not tell or is unknown. */
export function purposeOfSection(heading: string | undefined): SectionPurpose {
  if (heading === undefined) return 'other'
  const lower = withoutLigatures(heading.slice(0, 200)).toLowerCase()
  return headings.find(([, pattern]) => pattern.test(lower))?.[0] ?? 'other'
}
