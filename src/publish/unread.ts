import type { Report } from '../contract/report.ts'
import { reasonInWords } from './words.ts'

/** A line of what a review could not have or read: a paper, a file, a page, a task. */
export interface UnreadEntry {
  item: string
  what: string
  why: string
}

/**
 * Everything that a review could not have or read: full texts that were sought in vain with the places that were tried,
 * files, single pages, and tasks that failed.
 */
export function unreadEntries({ papers, documents, failures }: Report): UnreadEntry[] {
  return [
    ...papers.flatMap(({ fields, failure, retrieval }) =>
      failure && retrieval
        ? [
            {
              item: fields.title,
              what: reasonInWords(failure.code),
              why: withPlaces(failure.message, retrieval),
            },
          ]
        : [],
    ),
    ...documents.flatMap(({ files, failure }) =>
      failure ? [{ item: files.join(', '), what: reasonInWords(failure.code), why: failure.message }] : [],
    ),
    ...documents.flatMap(({ files, pageFailures }) =>
      pageFailures.map(({ page, message }) => ({
        item: files.join(', '),
        what: `page ${page}`,
        why: message,
      })),
    ),
    ...failures.map(({ phase, item, message }) => ({ item, what: `during ${phase}`, why: message })),
  ]
}

function withPlaces(message: string, retrieval: readonly { url: string; outcome: string }[]): string {
  const others = retrieval.filter(({ outcome }) => outcome !== message)
  return [message, ...others.map(({ url, outcome }) => `${url}: ${outcome}`)].join(' ')
}
