/** A name found in a sentence: the words as they stand there, and what makes two mentions one. */
export interface FoundName {
  text: string
  key: string
}

/** Datasets, corpora, benchmarks, cohorts and registers that are known by name, as papers write them. */
const known =
  /(?<![\p{L}\p{N}-])(?:(?:Fashion-|E)?MNIST|CIFAR-?10{1,2}|SVHN|ImageNet|ILSVRC(?:[- ]?20\d\d)?|MS[- ]COCO|Pascal VOC(?: 20\d\d)?|Cityscapes|KITTI|LFW|CelebA|LSUN|Omniglot|Caltech-?\d{3}|Penn Treebank|Wall Street Journal corpus|CoNLL[- ]?(?:20)?\d\d|SQuAD(?: [12]\.[01])?|SuperGLUE|GLUE|MultiNLI|SNLI|SST-2|IMDb|WikiText-?\d+|BookCorpus|Common Crawl|One Billion Word|Europarl|WMT[- ]?(?:20)?\d\d(?: English-(?:to-)?(?:German|French|Czech|Romanian))?|IWSLT[- ]?(?:20)?\d\d|OntoNotes(?: 5(?:\.0)?)?|FrameNet|PropBank|WordNet|Freebase|DBpedia|WebQuestions|Geoquery|GeoQuery|CLang|ATIS|TIMIT|LibriSpeech|Switchboard|AudioSet|ESC-50|MovieLens(?:[- ]?\d+[KM])?|Netflix Prize|Reuters-?21578|20 ?Newsgroups|TREC(?:[- ]?\d{1,2})?|ClueWeb0?\d\d?|MS MARCO|BSDS-?\d{3}|Berkeley Segmentation(?: Dataset)?|UCF-?101|Kinetics-?\d{3}|ModelNet\d*|ShapeNet|QM9|Tox21|PubChem|ChEMBL|ZINC|Protein Data Bank|UniProt|GenBank|TCGA|GTEx|ENCODE|UK Biobank|NHANES(?: [IV]+)?|MIMIC-(?:II|III|IV)|ADNI|OASIS-\d|Framingham Heart Study|SEER|HapMap|1000 Genomes|MEDLINE|PubMed(?: Central)?|Web of Science|Scopus|CORD-19|ERA5|MODIS|Landsat(?: \d)?|Sentinel-\d|World Values Survey|European Social Survey|General Social Survey|Current Population Survey|American Community Survey|PISA|TIMSS|Corel ?\d*K?|Atari(?: 2600)?|OpenAI Gym|MuJoCo|HASYv?\d*|USPS)(?![\p{L}\p{N}])/gu

/** A name of one to five words: capitals, digits, hyphens; small words only between. */
const name = String.raw`(?:[\p{Lu}\d][\p{L}\p{N}+./'’-]*)(?:[ -](?:of|the|for|[\p{Lu}\d][\p{L}\p{N}+./'’-]*)){0,5}?`
const kinds = `data ?-?sets?|dataset|corpus|corpora|treebank|benchmarks?(?: suite)?|test collection|cohort|biobank|registry|data ?base`
const namedBefore = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(${name}) (?:(?:image|text|speech|video|training|test|evaluation|benchmark|handwriting|treebank|survey) )?(?:${kinds})(?!\p{L})`,
  'gu',
)
const dataFrom = new RegExp(
  String.raw`\b(?:data|records|samples|observations|articles|abstracts|measurements|images) (?:were |was |are |is )?(?:taken |obtained |collected |drawn |extracted |provided |downloaded |retrieved )?(?:from|by) the (${name}) (?:database|archive|repository|survey|study|registry|register|program(?:me)?|project|census|network)`,
  'gu',
)
const quotedData =
  /\b(?:the )?["“‘`']([\p{L}][\p{L}\p{N}._-]{2,30})["”’'] (?:data ?sets?|data|corpus|benchmark)\b/gu

const notNames = new Set(
  `the a an our this that these those each all both such some any other another first second third one two three four five six
  seven eight nine ten new large small real synthetic training test validation original full entire whole same different
  several many most following above given section table figure fig chapter appendix example we i it its their his her in
  on for with from by at of to as and or but if when while since although however in addition also then thus data
  dataset big open source linked public sql relational web xml r python s3 s4 csv json html api gpu cpu english german french
  chinese spanish text image images graph time series count panel`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/** Names of datasets in a sentence, each as it stands there. Precision before recall: descriptions are no names. */
export function datasetsIn(sentence: string): FoundName[] {
  const read = sentence.slice(0, 1_000)
  const found = new Map<string, FoundName>()
  const add = (text: string) => {
    const key = keyOfName(text)
    if (key.length > 1 && !found.has(key)) found.set(key, { text, key })
  }
  for (const match of read.matchAll(known)) add(match[0])
  for (const pattern of [namedBefore, dataFrom]) {
    for (const match of read.matchAll(pattern)) {
      const candidate = trimName(match[1]!)
      if (candidate !== undefined) add(candidate)
    }
  }
  for (const match of read.matchAll(quotedData)) add(match[1]!)
  const all = [...found.values()]
  return all.filter(({ key }) => !all.some((other) => other.key !== key && other.key.includes(key)))
}

/** Without words that only point; undefined where nothing that names is left. */
function trimName(candidate: string): string | undefined {
  let words = candidate.split(' ')
  while (
    words.length > 0 &&
    (notNames.has(words[0]!.toLowerCase()) || /^(?:of|on|the|for|and|in)$/.test(words[0]!))
  )
    words = words.slice(1)
  while (words.length > 0 && /^(?:of|on|the|for|and|in)$/.test(words.at(-1)!)) words = words.slice(0, -1)
  const text = words.join(' ').replace(/['’]s?$/, '')
  if (!/\p{L}{2}/u.test(text) || text.length > 60) return undefined
  if (words.every((word) => notNames.has(word.toLowerCase()))) return undefined
  // A single capitalised word is as often the beginning of a sentence or a person.
  if (words.length === 1 && !/\p{Lu}.*\p{Lu}|\d|-/u.test(text) && !text.startsWith('Euro')) return undefined
  return text
}

function keyOfName(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}
