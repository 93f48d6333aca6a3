import { createCorpus } from '../corpus/corpus.ts'
import { renderPaper } from './render-paper.ts'

/** Which paper of which corpus is to be drawn. */
export interface DrawingTask {
  readonly seed: number
  readonly papers: number
  readonly index: number
}

/** Draws one paper; its PDF's bytes. */
export default async function drawPaper({ seed, papers, index }: DrawingTask): Promise<Uint8Array> {
  return new Uint8Array((await renderPaper(createCorpus({ seed, papers }), index)).bytes)
}
