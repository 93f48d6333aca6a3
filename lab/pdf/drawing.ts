import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Corpus } from '../corpus/corpus.ts'
import type { DrawingTask } from './drawing.thread.ts'

/** Draws papers apart from the servers, which would else take requests late and find those after them too early. */
export interface Drawing {
  /** The bytes of a paper's PDF. */
  draw(index: number): Promise<Buffer>
  close(): Promise<void>
}

/** Makes the drawing of a corpus; its thread starts with the first paper. */
export function createDrawing({ seed, size }: Pick<Corpus, 'seed' | 'size'>): Drawing {
  let pool: Piscina<DrawingTask, Uint8Array> | undefined
  return {
    async draw(index) {
      pool ??= new Piscina({
        filename: fileURLToPath(new URL('./drawing.thread.ts', import.meta.url)),
        minThreads: 1,
        maxThreads: 1,
        execArgv: [],
      })
      return Buffer.from(await pool.run({ seed, papers: size, index }))
    },
    async close() {
      await pool?.destroy()
    },
  }
}
