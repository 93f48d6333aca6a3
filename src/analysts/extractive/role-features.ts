/**
 * Cue phrases of rhetorical moves, after Teufel & Moens 2002 ("Summarizing Scientific Articles", Computational
 * Linguistics 28:4) and Swales' CARS model: each is one feature of the role model and says nothing on its own.
 */
const cues: readonly (readonly [string, RegExp])[] = [
  [
    'this-paper',
    /\b(?:in|with) (?:this|the present) (?:paper|article|work|study|survey|review|chapter|letter|report|thesis|contribution)\b/,
  ],
  [
    'paper-does',
    /\b(?:this|the|our|present) (?:paper|article|work|study|survey|review|chapter|letter|report|thesis) (?:\w+ly )?(?:presents?|proposes?|introduces?|describes?|discusses|investigates?|examines?|explores?|addresses|considers?|studies|provides?|reviews?|focuses|aims?|surveys|deals|reports?|develops?|offers|outlines|is)\b/,
  ],
  [
    'we-propose',
    /\b(?:we|i) (?:\w+ly |also |then |first |further )?(?:propose|present|introduce|describe|develop|design|suggest|offer|put forward|formulate|devise|create|built|build|provide|outline|address|tackle)\b/,
  ],
  [
    'we-study',
    /\b(?:we|i) (?:\w+ly |also |then |first |here )?(?:study|studied|investigate[d]?|examine[d]?|explore[d]?|consider(?:ed)?|focus|ask|aim(?:ed)?|seek|sought|analy[sz]e[d]?|look|survey|review|assess(?:ed)?|discuss|revisit)\b/,
  ],
  [
    'aim',
    /\b(?:aim|aims|aimed|goal|objective|objectives|purpose|intention|motivated by|in order to|hypothesi[sz]ed?|research question)\b/,
  ],
  ['to-verb', /^(?:to|here,? we|in this) /],
  [
    'we-use',
    /\b(?:we|i) (?:\w+ly |also |then |first |further |next )?(?:use[d]?|utili[sz]e[d]?|employ(?:ed)?|apply|applied|adopt(?:ed)?|train(?:ed)?|collect(?:ed)?|conduct(?:ed)?|perform(?:ed)?|implement(?:ed)?|model(?:led)?|combine[d]?|extend(?:ed)?|compute[d]?|measure[d]?|recruit(?:ed)?|evaluate[d]?|compare[d]?|test(?:ed)?|derive[d]?|estimate[d]?|simulate[d]?)\b/,
  ],
  [
    'we-find',
    /\b(?:we|i) (?:\w+ly |also |then |further |thus |experimentally |empirically )?(?:find|found|show(?:ed)?|demonstrate[d]?|observe[d]?|obtain(?:ed)?|achieve[d]?|prove[d]?|conclude[d]?|report(?:ed)?|establish(?:ed)?|identif(?:y|ied)|discover(?:ed)?|confirm(?:ed)?|reveal(?:ed)?|argue|verify|illustrate)\b/,
  ],
  [
    'results-show',
    /\b(?:results?|experiments?|experimental results?|findings?|evaluations?|analys[ie]s|simulations?|data|evidence|tests?|study|studies)\b[^.]{0,60}\b(?:shows?|showed|shown|demonstrates?|demonstrated|indicates?|indicated|suggests?|suggested|reveals?|revealed|confirms?|confirmed|proves?|verif(?:y|ies)|supports?|supported|validate[sd]?)\b/,
  ],
  [
    'outperform',
    /\b(?:outperform\w*|state[- ]of[- ]the[- ]art|superior\w*|achiev\w*|improv\w*|better|best|faster|accura\w+|effective\w*|competitive|gain|gains|reduc\w*|increas\w*|decreas\w*|higher|lower|significant\w*)\b/,
  ],
  [
    'conclude',
    /\b(?:conclusions?|concluded?|implications?|in summary|overall|finally|thus|therefore|these (?:results|findings|data)|our (?:results|findings|experiments|evaluation|analysis))\b/,
  ],
  [
    'statistic',
    /\b(?:p ?[<=>≤] ?0?\.|95% ?ci|ci:|odds ratio|hazard ratio|confidence interval|mean|median|versus|vs\b|respectively|n ?=)/,
  ],
  ['percent', /%|\bpercent|per cent\b/],
  ['number', /\d/],
  ['decimal', /\d\.\d/],
  [
    'cohort',
    /\b(?:patients|participants|subjects|respondents|women|men|children|adults|cohort|randomi[sz]ed|retrospective\w*|prospective\w*|enrolled|recruited|questionnaire|interview\w*|survey(?:ed)?|database|follow-?up|were (?:collected|included|assigned|measured|recorded|performed|assessed|analy[sz]ed|evaluated|compared|divided|reviewed|identified|examined|selected|obtained|treated|invited|studied))\b/,
  ],
  [
    'system',
    /\b(?:algorithm|approach|method|framework|model|architecture|system|technique|network|scheme|procedure|protocol|mechanism|strategy|pipeline)\b/,
  ],
  [
    'built-on',
    /\b(?:based on|consists? of|by means of|relies on|using|we then|first|second|next|specifically|in particular|given|where|each|is then|are then|composed of)\b/,
  ],
  [
    'known',
    /\b(?:has been|have been|is known|are known|well[- ]known|widely|commonly|traditional(?:ly)?|existing|previous(?:ly)?|prior|recent(?:ly)?|in recent years|over the (?:past|last)|increasing(?:ly)?|typically|usually|often|many|most|several|various|important|popular|crucial|essential|key|major|common|becoming|become[s]?|fundamental|growing)\b/,
  ],
  [
    'lack',
    /\b(?:however|although|despite|unfortunately|but|yet|little|few|lack|lacks|limited|remains?|unclear|challeng\w+|difficult\w*|problem|problems|issue|issues|need|needs|fail|fails|drawback\w*|suffer\w*|unknown|still|not yet|costly|expensive)\b/,
  ],
  ['definition', /^(?:the |a |an )?[\w-]+(?: [\w-]+){0,4} (?:is|are) (?:a|an|the|one)\b/],
  [
    'availability',
    /\b(?:https?:|www\.|available at|(?:code|data|software|dataset|implementation|source|materials?) (?:is|are|will be|and)\b|publicly available|open[- ]source|github|download)/,
  ],
  [
    'outline',
    /\b(?:section|chapter|rest of (?:this|the) paper|organi[sz]ed as follows|appendix|copyright|acm|ieee|elsevier|keywords|all rights|supplement\w*|funded|registration|trial registr\w*)\b/,
  ],
  [
    'future',
    /\b(?:future (?:work|research|studies|directions)|further (?:work|research|studies)|we hope|we believe|we plan|we intend|open (?:problems?|questions?|issues?)|should be|could be|will be|may be|outlook|recommend\w*)\b/,
  ],
  ['limitation', /\b(?:limitations?|caveats?|shortcomings?|small sample|threats? to validity)\b/],
  ['citation', /\[\d[\d,\s–-]*\]|\(\p{Lu}\p{L}+(?: et al\.?| and \p{Lu}\p{L}+)?,? (?:19|20)\d\d|\bet al\b/u],
  ['question', /\?\s*$/],
  ['contribution', /\b(?:contributions?|novel|new|for the first time|first)\b/],
  ['modal', /\b(?:may|might|can|could|would|should|must)\b/],
  ['past-passive', /\b(?:was|were) (?:\w+ly )?\w+(?:ed|wn|ne|en|und|ade)\b/],
  ['present-passive', /\b(?:is|are) (?:\w+ly )?\w+(?:ed|wn|en)\b/],
  ['past', /\b(?:was|were|had|did)\b/],
  ['present', /\b(?:is|are|has|have|does)\b/],
  ['we', /\b(?:we|our|us)\b/],
  [
    'label',
    /^(?:background|introduction|objectives?|aims?|purpose|methods?|methodology|results?|findings|conclusions?|design|setting|motivation|discussion)\s?[:.–—-]/,
  ],
]

const wordPattern = /[\p{L}][\p{L}'’-]*|\d[\d.,]*/gu
/** A sentence longer than this is layout debris; reading more of it changes no role. */
const longestRead = 1_200

/** The words of a sentence in lower case, numbers as `#`, as the role model knows them. */
function plainWords(lower: string): string[] {
  return Array.from(lower.matchAll(wordPattern), ([word]) =>
    /^\d/.test(word) ? '#' : word.replace(/’/g, "'"),
  )
}

/** What a sentence says by its own words: cue phrases, words, pairs of words, how it begins, its length. */
export function wordFeatures(sentence: string): string[] {
  const lower = sentence.slice(0, longestRead).toLowerCase()
  const found = new Set<string>(['bias'])
  for (const [name, pattern] of cues) if (pattern.test(lower)) found.add(`cue:${name}`)
  const words = plainWords(lower)
  for (const [index, word] of words.entries()) {
    found.add(`w:${word}`)
    if (index > 0) found.add(`w:${words[index - 1]} ${word}`)
  }
  if (words[0] !== undefined) found.add(`^${words[0]}`)
  if (words.length > 1) found.add(`^${words[0]} ${words[1]}`)
  if (words.length > 2) found.add(`^${words[0]} ${words[1]} ${words[2]}`)
  found.add(`length:${Math.min(5, Math.floor(words.length / 8))}`)
  return [...found]
}

/** What its place says: first, last, and the tenth of the abstract in which it stands. */
function placeFeatures(index: number, count: number): string[] {
  const fromEnd = count - 1 - index
  const found = [`place:${Math.floor((10 * index) / Math.max(1, count))}`, 'place']
  if (index < 3) found.push(`place:first${index}`)
  if (fromEnd < 3) found.push(`place:last${fromEnd}`)
  if (count <= 3) found.push('place:short')
  return found
}

/** How an abstract is written: as a report on people and measurements, or as a technical one. */
type Style = 'empirical' | 'technical'

function styleOf(wordsOfAll: readonly (readonly string[])[]): Style {
  const measured = wordsOfAll.filter(
    (own) => own.includes('cue:cohort') || own.includes('cue:statistic'),
  ).length
  return measured >= 0.25 * wordsOfAll.length ? 'empirical' : 'technical'
}

/**
 * The features of every sentence of an abstract, in its order. Cues and places stand once as they are and once with the
 * style of the abstract (Daumé 2007, "Frustratingly Easy Domain Adaptation"), because a number in the third sentence
 * means one thing in a trial and another in a paper on networks.
 */
export function abstractFeatures(sentences: readonly string[]): string[][] {
  const own = sentences.map(wordFeatures)
  const style = styleOf(own)
  return own.map((features, index) => {
    const place = placeFeatures(index, sentences.length)
    const general = features.filter((feature) => !feature.startsWith('w:'))
    const quarter =
      index === 0
        ? '@first'
        : index === own.length - 1
          ? '@last'
          : index < own.length / 2
            ? '@front'
            : '@back'
    const placed = features.filter((feature) => feature.startsWith('cue:')).map((cue) => cue + quarter)
    return [
      ...features,
      ...place,
      ...placed,
      ...[...general, ...place].map((feature) => `${style}|${feature}`),
    ]
  })
}
