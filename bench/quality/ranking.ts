import { resolve } from 'node:path'
import { z } from 'zod'
import { createIndex, type RankedDocument, type RankOptions } from '../../src/methods/ranking/ranking.ts'
import { readJsonLines } from './json-lines.ts'
import type { Measure } from './measure.ts'
import { averagePrecision, mean, normalisedGain } from './metrics.ts'

interface Collection {
  documents: RankedDocument[]
  queries: { text: string; relevant: ReadonlySet<string> }[]
}

const scifactDocument = z
  .object({ id: z.string(), title: z.string(), sentences: z.array(z.string()) })
  .transform(({ id, title, sentences }) => ({ id, title, body: sentences.join(' ') }))
const scifactClaim = z
  .object({ claim: z.string(), cited_doc_ids: z.array(z.string()) })
  .transform(({ claim, cited_doc_ids }) => ({ text: claim, relevant: new Set(cited_doc_ids) }))
const classicDocument = z
  .object({ id: z.string(), title: z.string(), abstract: z.string() })
  .transform(({ id, title, abstract }) => ({ id, title, body: abstract }))
const classicQuery = z
  .object({ text: z.string(), relevant: z.array(z.string()) })
  .transform(({ text, relevant }) => ({ text, relevant: new Set(relevant) }))

/** Reads a set whose queries are claims and whose documents are abstracts. */
export function readScifact(labelledSets: string): Collection {
  return {
    documents: readJsonLines(resolve(labelledSets, 'scifact/corpus.jsonl'), scifactDocument),
    queries: readJsonLines(resolve(labelledSets, 'scifact/claims_train.jsonl'), scifactClaim),
  }
}

/** Reads one of the classic collections, `cisi` or `cacm`, whose queries are topics. */
export function readClassic(labelledSets: string, name: 'cisi' | 'cacm'): Collection {
  return {
    documents: readJsonLines(resolve(labelledSets, `retrieval/${name}_corpus.jsonl`), classicDocument),
    queries: readJsonLines(resolve(labelledSets, `retrieval/${name}_queries.jsonl`), classicQuery),
  }
}

/** Ranks the whole collection for every query: mean nDCG@10 and mean average precision. */
export function evaluateRanking({ documents, queries }: Collection, options: RankOptions = {}) {
  const index = createIndex(documents)
  const results = queries.map(({ text, relevant }) => {
    const ranked = index.rank(text, options).map(({ id }) => id)
    return { gain: normalisedGain(ranked, relevant, 10), precision: averagePrecision(ranked, relevant) }
  })
  return {
    gain: mean(results.map(({ gain }) => gain)),
    precision: mean(results.map(({ precision }) => precision)),
  }
}

/** How well papers are ranked by the words of a question: SciFact's training claims, CISI and CACM. */
export async function measureRanking(labelledSets: string): Promise<Measure[]> {
  const scifact = readScifact(labelledSets)
  const cisi = readClassic(labelledSets, 'cisi')
  const cacm = readClassic(labelledSets, 'cacm')
  const topics = { feedback: true }
  return [
    {
      task: 'ranking',
      set: `SciFact, ${scifact.queries.length} training claims over ${scifact.documents.length} abstracts`,
      metric: 'nDCG@10',
      value: evaluateRanking(scifact).gain,
      atLeast: 0.7,
      excellent: 0.72,
      published: 'BM25 0.665, on the 300 test claims (Thakur et al. 2021, BEIR)',
    },
    {
      task: 'ranking',
      set: `CISI, ${cisi.queries.length} queries over ${cisi.documents.length} abstracts`,
      metric: 'MAP',
      value: evaluateRanking(cisi).precision,
      atLeast: 0.238,
    },
    {
      task: 'ranking',
      set: `CISI, ${cisi.queries.length} queries, with feedback`,
      metric: 'MAP',
      value: evaluateRanking(cisi, topics).precision,
      atLeast: 0.255,
    },
    {
      task: 'ranking',
      set: `CACM, ${cacm.queries.length} queries over ${cacm.documents.length} titles and abstracts`,
      metric: 'MAP',
      value: evaluateRanking(cacm).precision,
      atLeast: 0.327,
      published: 'BM25 0.312 (Anserini regression, documents with authors and keywords)',
    },
    {
      task: 'ranking',
      set: `CACM, ${cacm.queries.length} queries, with feedback`,
      metric: 'MAP',
      value: evaluateRanking(cacm, topics).precision,
      published: 'BM25 + RM3 0.364 (Anserini regression, documents with authors and keywords)',
    },
  ]
}
