/** British forms whose American one a rule gives; both ways. Each rule changes one kind of word and leaves all others. */
const rules: readonly { british: RegExp; american: RegExp; toAmerican: string; toBritish: string }[] = [
  {
    british: /^(\p{L}{3,})is(ations?|e[drs]?|ing|ers|able)$/u,
    american: /^(\p{L}{3,})iz(ations?|e[drs]?|ing|ers|able)$/u,
    toAmerican: '$1iz$2',
    toBritish: '$1is$2',
  },
  {
    british: /^(anal|catal|paral|dial|hydrol)ys(e[drs]?|ing|ers)$/u,
    american: /^(anal|catal|paral|dial|hydrol)yz(e[drs]?|ing|ers)$/u,
    toAmerican: '$1yz$2',
    toBritish: '$1ys$2',
  },
  {
    british: /^(behavi|col|tum|lab|neighb|fav|hum|harb|hon|od|vap|flav|rum)our(\p{L}*)$/u,
    american: /^(behavi|col|tum|lab|neighb|fav|hum|harb|hon|od|vap|flav|rum)or(\p{L}*)$/u,
    toAmerican: '$1or$2',
    toBritish: '$1our$2',
  },
  {
    british: /^(cent|fib|lit|met|theat|sab)re(s?)$/u,
    american: /^(cent|fib|lit|met|theat|sab)er(s?)$/u,
    toAmerican: '$1er$2',
    toBritish: '$1re$2',
  },
  {
    british: /^(model|label|signal|channel|cancel|travel|level|tunnel|fuel|counsel)l(ing|ed|ers?)$/u,
    american: /^(model|label|signal|channel|cancel|travel|level|tunnel|fuel|counsel)(ing|ed|ers?)$/u,
    toAmerican: '$1$2',
    toBritish: '$1l$2',
  },
  {
    british:
      /^((?:an|leuk|isch|glyc|hyperglyc|hypoglyc)(?=aemi)|h(?=aem(?:o|at))|orthop(?=aedi)|p(?=aedia)|gyn(?=aeco)|arch(?=aeolog))ae(\p{L}+)$/u,
    american:
      /^((?:an|leuk|isch|glyc|hyperglyc|hypoglyc)(?=emi)|h(?=em(?:o|at))|orthop(?=edi)|p(?=edia)|gyn(?=eco)|arch(?=eolog))e(\p{L}+)$/u,
    toAmerican: '$1e$2',
    toBritish: '$1ae$2',
  },
  {
    british: /^(oe)(dema|sophag|strogen)(\p{L}*)$/u,
    american: /^(e)(dema|sophag|strogen)(\p{L}*)$/u,
    toAmerican: 'e$2$3',
    toBritish: 'oe$2$3',
  },
]

/** Words that end like the rules' and have one spelling. */
const oneSpelling =
  /^(?:exerc|conc|prec|prom|prem|comprom|franch|enterpr|surpr|compr|adv|rev|superv|dev|improv|telev|expert|merchand|disgu|excis|incis|rais|nois|pois|prais|cruis|bruis|pars|capsi|\p{L}{0,9}w|pr|se|ma)(?:i[sz]|e)\p{L}*$/u

/**
 * The term in the other spelling, British or American, for sources that take words as they are written. Undefined when
 * there is one spelling only. After Oxford's and Merriam-Webster's pairs; knows endings and stems, not all words.
 */
export function otherSpelling(term: string): string | undefined {
  const other = term.replace(/\p{L}+/gu, respell)
  return other === term ? undefined : other
}

function respell(word: string): string {
  const lower = word.toLowerCase()
  if (oneSpelling.test(lower)) return word
  for (const { british, american, toAmerican, toBritish } of rules) {
    if (british.test(lower)) return sameCase(lower.replace(british, toAmerican), word)
    if (american.test(lower)) return sameCase(lower.replace(american, toBritish), word)
  }
  return word
}

function sameCase(spelled: string, like: string): string {
  return like[0] === like[0]!.toLowerCase() ? spelled : `${spelled[0]!.toUpperCase()}${spelled.slice(1)}`
}
