import type { Progress } from './progress.ts'

/** Every event as one line of JSON, as it is stored. */
export function jsonLines(write: (text: string) => void): Progress {
  return {
    show: (event) => write(`${JSON.stringify(event)}\n`),
    end() {},
  }
}
