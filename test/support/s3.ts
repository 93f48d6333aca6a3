import process from 'node:process'
import { startFauxqs } from 'fauxqs'
import type { S3Place } from '../../src/blobs/s3-store.ts'

/** A server of S3 in memory, with one bucket. */
export interface TestBucket {
  readonly place: S3Place & { readonly endpoint: string }
  stop(): Promise<void>
}

/** Starts it, with credentials for whoever asks in this process. */
export async function startS3(prefix = 'a/b'): Promise<TestBucket> {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  const server = await startFauxqs({ port: 0, logger: false })
  server.createBucket('papers')
  return {
    place: { bucket: 'papers', prefix, endpoint: `http://127.0.0.1:${server.port}` },
    stop: () => server.stop(),
  }
}
