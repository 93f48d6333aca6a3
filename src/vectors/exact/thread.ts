import { parentPort } from 'node:worker_threads'
import { messageOf } from '../../errors.ts'
import { createShard, type Shard, type ShardAnswer, type ShardQuestion, type VectorRows } from './shard.ts'

/** What a thread is told; each is answered under its number. */
export type ThreadRequest = { readonly number: number; readonly model: string } & (
  | { readonly append: VectorRows }
  | { readonly nearest: ShardQuestion }
)
/** What it answers. */
export type ThreadAnswer = { readonly number: number } & (
  | { readonly answer: ShardAnswer | undefined }
  | { readonly failure: string }
)

const shards = new Map<string, Promise<Shard>>()
let before: Promise<void> = Promise.resolve()

// One after another, so that a question sees what was sent before it.
parentPort!.on('message', (request: ThreadRequest) => {
  before = before.then(async () => {
    const { number } = request
    const say = (answer: ThreadAnswer) => parentPort!.postMessage(answer)
    try {
      say({ number, answer: await perform(request) })
    } catch (thrown) {
      say({ number, failure: messageOf(thrown) })
    }
  })
})

async function perform(request: ThreadRequest): Promise<ShardAnswer | undefined> {
  const { model } = request
  if ('nearest' in request) return (await shards.get(model))?.nearest(request.nearest)
  const shard = shards.get(model) ?? createShard(request.append.length)
  shards.set(model, shard)
  ;(await shard).append(request.append)
  return undefined
}
