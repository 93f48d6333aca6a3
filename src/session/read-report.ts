import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore, OpenBlob } from '../blobs/blob-store.ts'
import { type Prisma, prismaSchema } from '../contract/report.ts'
import { SheafError } from '../errors.ts'
import { outputFiles } from '../publish/outputs.ts'
import type { Session } from '../store/sessions.ts'

/** The files that a finished review leaves. */
export const reportFiles = [...outputFiles, 'manifest.json'] as const
export type ReportFile = (typeof reportFiles)[number]

/**
 * Opens a file of a session's report, as it was published: from the deployment's store, or from a folder of this machine.
 * @throws {SheafError} `conflict` before the review is finished; `not_found` when the folder is not there any more.
 */
export async function openReportFile(
  { blobs }: { blobs: BlobStore },
  session: Session,
  name: ReportFile,
): Promise<OpenBlob> {
  if (session.status !== 'finished' || session.outputFolder === undefined)
    throw new SheafError(
      'conflict',
      `Session ${session.id} is ${session.status}; its report is not written yet.`,
      {
        advice: 'Follow its events; "session.finished" says when.',
      },
    )
  const gone = (cause?: unknown) =>
    new SheafError('not_found', `The report of session ${session.id} has no ${name} any more.`, {
      advice: 'Its folder was moved or deleted after the review, or is on another machine.',
      cause,
    })
  const place = `${session.outputFolder}/${name}`
  if (blobs.holds(place)) {
    const blob = await blobs.open(place)
    if (!blob) throw gone()
    return blob
  }
  const file = await open(join(session.outputFolder, name)).catch((cause: unknown) => {
    throw gone(cause)
  })
  const { size } = await file.stat()
  return { bytes: size, stream: file.readableWebStream({ autoClose: true }) }
}

/** The numbers of a finished review's flow diagram. @throws {SheafError} as {@link openReportFile}. */
export async function prismaOf(deployment: { blobs: BlobStore }, session: Session): Promise<Prisma> {
  const file = await openReportFile(deployment, session, 'report.json')
  const report = JSON.parse(await new Response(file.stream).text()) as { prisma?: unknown }
  return prismaSchema.parse(report.prisma)
}
