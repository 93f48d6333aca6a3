import { readFileSync } from 'node:fs'
import type { z } from 'zod'

/** Reads a file of one JSON value per line, each as the schema says. Throws a ZodError where a line is something else. */
export function readJsonLines<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.length > 0)
    .map((line) => schema.parse(JSON.parse(line)))
}
