import { afterEach, describe, expect, it } from 'vitest'
import {
  type LoopbackAnswer,
  plainUpstream,
  type SeenRequest,
  startLoopback,
} from '../../../test/support/loopback.ts'
import { describeLiveSource, type SampleWork } from '../live-source.conformance.ts'
import { pubmedQuery } from './pubmed-query.ts'
import { createPubmedSource, fetchPubmedArticles } from './pubmed-source.ts'

const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)

function articleOf({ id, title, authors, year, abstract, doi }: SampleWork, more = ''): string {
  const names = authors.map((name) => {
    const [given, ...family] = name.split(' ')
    return `<Author ValidYN="Y"><LastName>${escaped(family.join(' '))}</LastName><ForeName>${escaped(given ?? '')}</ForeName></Author>`
  })
  return `<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">${id}</PMID><Article PubModel="Print">
    <Journal><JournalIssue CitedMedium="Print"><Volume>12</Volume><PubDate><Year>${year}</Year></PubDate></JournalIssue><Title>Forests</Title></Journal>
    ${title === null ? '' : `<ArticleTitle>${escaped(title)}.</ArticleTitle>`}
    ${doi === null ? '' : `<ELocationID EIdType="doi" ValidYN="Y">${escaped(doi)}</ELocationID>`}
    ${abstract === null ? '' : `<Abstract><AbstractText>${escaped(abstract)}</AbstractText></Abstract>`}
    <AuthorList CompleteYN="Y">${names.join('')}</AuthorList>${more}</Article></MedlineCitation></PubmedArticle>`
}

const setOf = (articles: readonly string[]) => `<?xml version="1.0" ?>
  <!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
  <PubmedArticleSet>${articles.join('')}</PubmedArticleSet>`

function answer({ url }: Pick<SeenRequest, 'url'>, works: readonly SampleWork[]): LoopbackAnswer {
  if (url.pathname === '/entrez/eutils/esearch.fcgi') {
    const idlist = works.slice(0, Number(url.searchParams.get('retmax'))).map(({ id }) => `${id}`)
    return { body: JSON.stringify({ esearchresult: { count: `${works.length}`, idlist } }) }
  }
  const ids = url.searchParams.get('id')!.split(',')
  // It gives no particular order.
  return {
    body: setOf(
      works
        .filter(({ id }) => ids.includes(`${id}`))
        .toReversed()
        .map((work) => articleOf(work)),
    ),
  }
}

describeLiveSource('pubmed', {
  title: 'PubMed',
  create: createPubmedSource,
  reference: (id) => `${id}`,
  requestsForHundred: 2,
  knows: { pdf: false, doi: true },
  answer,
})

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
async function over(respond: (request: SeenRequest) => LoopbackAnswer) {
  const server = await startLoopback(respond)
  running.push(server)
  return {
    ...server,
    options: { upstream: plainUpstream(), endpoint: server.endpoint, apiKey: 'k-1', email: 'a@b.example' },
  }
}

describe('fetchPubmedArticles', () => {
  it('reads what MEDLINE has: parts of abstracts, bodies, markup, identifiers, retraction', async () => {
    const article = `<PubmedArticle><MedlineCitation><PMID Version="2">29456894</PMID><Article>
      <Journal><JournalIssue><Volume>6</Volume><Issue>2</Issue><PubDate><MedlineDate>2018 Jan-Feb</MedlineDate></PubDate></JournalIssue><Title>PeerJ</Title></Journal>
      <ArticleTitle>Growth of <i>Fagus sylvatica</i> at 5&#x2009;&#xb0;C &amp; below.</ArticleTitle>
      <Pagination><MedlinePgn>e43-75</MedlinePgn></Pagination>
      <Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">Beeches, <sup>13</sup>C.</AbstractText><AbstractText Label="RESULTS">They grow.</AbstractText></Abstract>
      <AuthorList><Author><CollectiveName>Beech Study Group</CollectiveName></Author><Author><LastName>van der Burg</LastName><Initials>J</Initials></Author></AuthorList>
      <PublicationTypeList><PublicationType UI="D016441">Retracted Publication</PublicationType></PublicationTypeList></Article>
      <KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">shade</Keyword><Keyword>beech</Keyword></KeywordList></MedlineCitation>
      <PubmedData><ArticleIdList><ArticleId IdType="pubmed">29456894</ArticleId><ArticleId IdType="doi">10.7717/peerj.4375</ArticleId><ArticleId IdType="pmc">PMC5815332</ArticleId></ArticleIdList></PubmedData></PubmedArticle>`
    const { options, requests } = await over(() => ({ body: setOf([article]) }))
    const [record] = await fetchPubmedArticles(options, ['29456894', 'x', '7'])
    expect(record!.fields).toEqual({
      title: 'Growth of Fagus sylvatica at 5 °C & below',
      authors: [{ family: 'Beech Study Group' }, { family: 'van der Burg', given: 'J' }],
      year: 2018,
      doi: '10.7717/peerj.4375',
      pmid: '29456894',
      pmcid: 'PMC5815332',
      abstract: 'AIM: Beeches, 13C. RESULTS: They grow.',
      venue: 'PeerJ',
      volume: '6',
      issue: '2',
      pages: 'e43-75',
      url: 'https://pubmed.ncbi.nlm.nih.gov/29456894/',
      keywords: ['shade', 'beech'],
      type: 'article-journal',
      retracted: true,
    })
    expect(record!.locations).toEqual([
      { url: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC5815332/', isPdf: false },
    ])
    expect(Object.fromEntries(requests[0]!.url.searchParams)).toEqual({
      db: 'pubmed',
      id: '29456894,7',
      retmode: 'xml',
      tool: 'sheaf',
      email: 'a@b.example',
      api_key: 'k-1',
    })
  })

  it('knows a retraction by its notice, and an empty set', async () => {
    const notice = `<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><PMID>2</PMID></CommentsCorrections></CommentsCorrectionsList>`
    const article = `<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>Shade</ArticleTitle></Article>${notice}</MedlineCitation></PubmedArticle>`
    const { options } = await over(({ url }) => ({
      body: url.searchParams.get('id') === '1' ? setOf([article]) : '<PubmedArticleSet></PubmedArticleSet>',
    }))
    expect((await fetchPubmedArticles(options, ['1']))[0]!.fields).toMatchObject({
      title: 'Shade',
      retracted: true,
    })
    expect(await fetchPubmedArticles(options, ['9'])).toEqual([])
  })

  it('fetches 200 in a request', async () => {
    const { options, requests } = await over(() => ({ body: setOf([]) }))
    await fetchPubmedArticles(
      options,
      Array.from({ length: 450 }, (_, at) => `${at + 1}`),
    )
    expect(requests.map(({ url }) => url.searchParams.get('id')!.split(',').length)).toEqual([200, 200, 50])
  })

  it('heeds no entity of a document’s own', async () => {
    const bomb = `<!DOCTYPE PubmedArticleSet [<!ENTITY a SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&a;</PubmedArticleSet>`
    const { options } = await over(() => ({ body: bomb }))
    await expect(fetchPubmedArticles(options, ['1'])).rejects.toMatchObject({ code: 'source_failed' })
  })
})

describe('createPubmedSource', () => {
  it('says what PubMed says of a search that it refuses', async () => {
    const { options } = await over(() => ({
      body: JSON.stringify({ esearchresult: { ERROR: 'Invalid db name' } }),
    }))
    const terms = { concepts: [{ term: 'shade', synonyms: [] }] }
    await expect(createPubmedSource(options).fetch({ reference: 'search', terms })).rejects.toMatchObject({
      code: 'source_failed',
      message: 'PubMed refused the search: Invalid db name.',
    })
  })
})

describe('pubmedQuery', () => {
  it('asks in titles and abstracts, for years as a range', () => {
    const concepts = [
      { term: 'time series', synonyms: ['x"[au] OR "y'] },
      { term: 'forecast*', synonyms: [] },
    ]
    expect(pubmedQuery({ concepts, since: 2015, until: 2020 })).toBe(
      '(("time series"[tiab] OR "x au OR y"[tiab]) AND "forecast"[tiab]) AND 2015:2020[dp]',
    )
  })
})
