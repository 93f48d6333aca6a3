import { z } from 'zod'

const frontMatterSchema = z.object({
  title: z.string().min(1),
  authors: z.array(z.string().min(1)).min(1),
  date: z.iso.date(),
  keywords: z.array(z.string()).default([]),
})

/** An engineering note: what its front matter says, and its text in Markdown. */
export type Note = z.infer<typeof frontMatterSchema> & { markdown: string }

/**
 * Reads a note with YAML front matter of which only single-line strings and lists in brackets are understood.
 * @throws Error that names the file when the front matter is missing or incomplete.
 */
export function readNote(source: string, file: string): Note {
  const parts = /^---\n(.*?)\n---\n(.*)$/s.exec(source)
  if (!parts) throw new Error(`${file} has no front matter`)
  const [, head = '', markdown = ''] = parts
  const entries = head
    .split('\n')
    .map((line) => /^(\w+):\s*(.*?)\s*$/.exec(line))
    .filter((entry) => entry !== null)
    .map(([, key = '', value = '']) => [key, readValue(value)] as const)
  const parsed = frontMatterSchema.safeParse(Object.fromEntries(entries))
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
  return { ...parsed.data, markdown }
}

function readValue(value: string): string | string[] {
  const list = /^\[(.*)\]$/.exec(value)?.[1]
  const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2')
  return list === undefined ? unquoted(value) : list.split(',').map(unquoted)
}
