import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { SheafError } from '../errors.ts'
import type { BlobStore } from './blob-store.ts'
import { checkNames } from './plain-names.ts'
import { isAbsence, s3Failure } from './s3-failures.ts'

/** A bucket, and how it is reached where it is not Amazon's. */
export interface S3Place {
  readonly bucket: string
  /** Begins every key, as `a/b`; empty for the whole bucket. */
  readonly prefix: string
  /** Address of a server that speaks S3; undefined: Amazon's of the region that AWS_REGION names. */
  readonly endpoint?: string | undefined
}

/** The commands of S3, loaded when the first is given: a start does not wait for them. */
type Kit = typeof import('@aws-sdk/client-s3') & { client: S3Client }

/** Milliseconds for a connection, and without a byte, after which a request has failed. */
const patience = { connectionTimeout: 5_000, requestTimeout: 60_000 }
/** The SDK says on standard error what it throws besides. */
const silent = { debug() {}, info() {}, warn() {}, error() {} }
/** How often a file that is sent is tried: the SDK repeats only what it holds in memory. */
const sendings = 3

/**
 * A store in a bucket. Credentials are found as every program with Amazon's SDK finds them: the environment, a profile, the
 * machine's or the pod's role. An object appears when all of it has arrived, and its checksum is compared by both sides.
 * Reading what was just written gives the new (Amazon S3 has been strongly consistent since 2020).
 */
export function createS3Store({ bucket, prefix, endpoint }: S3Place): BlobStore & { close(): Promise<void> } {
  const root = `s3://${bucket}/${prefix === '' ? '' : `${prefix}/`}`
  let loading: Promise<Kit> | undefined
  const kit = () => {
    loading ??= load(endpoint)
    return loading
  }
  const holds = (place: string) => place.startsWith(root) && place.length > root.length
  const keyOf = (place: string) => {
    if (!holds(place)) throw new SheafError('invalid_input', `${place} is not in ${root}.`)
    checkNames(place.slice(root.length).split('/'))
    return { Bucket: bucket, Key: place.slice(`s3://${bucket}/`.length) }
  }
  /** Does something with the bucket; what it says of its failure is put into the deployment's words. */
  async function ask<Answer>(work: (kit: Kit) => Promise<Answer>): Promise<Answer> {
    try {
      return await work(await kit())
    } catch (thrown) {
      throw s3Failure(thrown, root)
    }
  }
  const orNothing = <Answer>(work: (kit: Kit) => Promise<Answer>) =>
    ask((kit) =>
      work(kit).catch((thrown: unknown) => {
        if (isAbsence(thrown)) return undefined
        throw thrown
      }),
    )

  return {
    placeOf(...names) {
      checkNames(names)
      return root + names.join('/')
    },
    holds,
    async find(place) {
      const key = keyOf(place)
      const head = await orNothing(({ client, HeadObjectCommand }) => client.send(new HeadObjectCommand(key)))
      return head && { bytes: head.ContentLength ?? 0, modified: head.LastModified?.getTime() ?? 0 }
    },
    async read(place) {
      const key = keyOf(place)
      const bytes = await orNothing(async ({ client, GetObjectCommand }) => {
        const { Body } = await client.send(new GetObjectCommand({ ...key, ChecksumMode: 'ENABLED' }))
        return Body?.transformToByteArray()
      })
      return bytes && Buffer.from(bytes)
    },
    async open(place) {
      const key = keyOf(place)
      const got = await orNothing(({ client, GetObjectCommand }) => client.send(new GetObjectCommand(key)))
      return got?.Body && { bytes: got.ContentLength ?? 0, stream: got.Body.transformToWebStream() }
    },
    async write(place, bytes, _what) {
      const key = keyOf(place)
      await ask(({ client, PutObjectCommand }) => client.send(new PutObjectCommand({ ...key, Body: bytes })))
    },
    receivingFolder: () => join(tmpdir(), `sheaf-received-${process.getuid?.() ?? 0}`),
    async take(place, { path, bytes, sha256 }) {
      const key = keyOf(place)
      const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64')
      const send = ({ client, PutObjectCommand }: Kit) =>
        client.send(
          new PutObjectCommand({
            ...key,
            ContentLength: bytes,
            ChecksumSHA256,
            Body: createReadStream(path),
          }),
        )
      for (let sending = 1; ; sending++)
        try {
          await ask(send)
          break
        } catch (thrown) {
          if (sending === sendings || !(SheafError.isInstance(thrown) && thrown.retryable)) throw thrown
        }
      await rm(path, { force: true })
    },
    async remove(place) {
      const key = keyOf(place)
      await ask(({ client, DeleteObjectCommand }) => client.send(new DeleteObjectCommand(key)))
    },
    async names(place) {
      const { Key } = keyOf(place)
      const Prefix = `${Key}/`
      return ask(async ({ client, paginateListObjectsV2 }) => {
        const names: string[] = []
        for await (const page of paginateListObjectsV2(
          { client },
          { Bucket: bucket, Prefix, Delimiter: '/' },
        ))
          for (const { Key = '' } of page.Contents ?? []) names.push(Key.slice(Prefix.length))
        return names.filter((name) => name !== '' && !name.startsWith('.'))
      })
    },
    async close() {
      const loaded = await loading?.catch(() => undefined)
      loaded?.client.destroy()
    },
  }
}

async function load(endpoint: string | undefined): Promise<Kit> {
  const commands = await import('@aws-sdk/client-s3')
  const elsewhere: S3ClientConfig =
    endpoint === undefined
      ? {}
      : // Other servers seldom have a name for each bucket, and do not care for regions.
        { endpoint, forcePathStyle: true, region: process.env.AWS_REGION || 'us-east-1' }
  const client = new commands.S3Client({
    ...elsewhere,
    maxAttempts: 4,
    requestHandler: patience,
    logger: silent,
  })
  return { ...commands, client }
}
