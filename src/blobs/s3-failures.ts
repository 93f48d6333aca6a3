import { z } from 'zod'
import { messageOf, SheafError } from '../errors.ts'

/** What failures of Amazon's SDK say of themselves. */
const failureSchema = z.looseObject({
  name: z.string(),
  $metadata: z.looseObject({ httpStatusCode: z.number().optional() }).optional(),
})

/** Whether a failure says that there is no such object. A bucket that is not there is another failure. */
export function isAbsence(thrown: unknown): boolean {
  const { data } = failureSchema.safeParse(thrown)
  return data?.name === 'NoSuchKey' || data?.name === 'NotFound'
}

/** Refusals that pass by themselves, beside the server's own failures (429 and 5xx). */
const passing = new Set(['RequestTimeout', 'RequestTimeTooSkewed', 'SlowDown', 'BadDigest'])
/** Failures before any request that somebody has to mend. */
const setUpWrong = new Set(['CredentialsProviderError'])

/** A failure of S3 as one of the deployment's store. @param root as `s3://BUCKET/PREFIX/` */
export function s3Failure(thrown: unknown, root: string): SheafError {
  if (SheafError.isInstance(thrown)) return thrown
  const { data } = failureSchema.safeParse(thrown)
  const status = data?.$metadata?.httpStatusCode
  const regionMissing = messageOf(thrown).includes('Region is missing')
  // Without a status there was no answer: the network, or nothing was asked because something is missing.
  const retryable =
    status === undefined || status < 400
      ? !(regionMissing || setUpWrong.has(data?.name ?? ''))
      : status >= 500 || status === 429 || passing.has(data?.name ?? '')
  return new SheafError('store_unavailable', `${root} cannot be used: ${data?.name}: ${messageOf(thrown)}`, {
    advice: regionMissing
      ? 'Set AWS_REGION to the region of the bucket.'
      : retryable
        ? 'It is tried again; see whether the server that SHEAF_S3_ENDPOINT names, or Amazon S3, can be reached.'
        : 'Check SHEAF_BLOBS, SHEAF_S3_ENDPOINT, AWS_REGION, and that the credentials may list, read, write and delete there.',
    retryable,
    cause: thrown,
  })
}
