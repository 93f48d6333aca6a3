import process from 'node:process'
import { createInterface } from 'node:readline'

/** A person's keys, one at a time. Where input is not a terminal, each line's first letter counts as a key. */
export interface Keys {
  /** The next key in lower case; undefined when input has ended or the person pressed Ctrl-C or Ctrl-D. */
  next(prompt?: string): Promise<string | undefined>
  /** A whole line. */
  line(prompt: string): Promise<string>
  close(): void
}

/** Starts listening to standard input. */
export function openKeys(): Keys {
  return process.stdin.isTTY ? terminalKeys() : lineKeys()
}

const endKeys = new Set(['\u0003', '\u0004'])

function terminalKeys(): Keys {
  const { stdin, stderr } = process
  const waiting: ((key: string | undefined) => void)[] = []
  const early: string[] = []
  const hear = (chunk: Buffer) => {
    for (const key of chunk.toString('utf8')) {
      const taker = waiting.shift()
      if (taker) taker(endKeys.has(key) ? undefined : key.toLowerCase())
      else early.push(key)
    }
  }
  const listen = (on: boolean) => {
    stdin.setRawMode(on)
    if (on) stdin.on('data', hear).resume()
    else stdin.off('data', hear).pause()
  }
  listen(true)
  return {
    async next(prompt = '') {
      stderr.write(prompt)
      const key = early.shift()
      if (key !== undefined) return endKeys.has(key) ? undefined : key.toLowerCase()
      return new Promise((taker) => waiting.push(taker))
    },
    async line(prompt) {
      listen(false)
      const reader = createInterface({ input: stdin, output: stderr })
      const answer = await new Promise<string>((done) => {
        reader.question(prompt, done)
        reader.once('close', () => done(''))
      })
      reader.close()
      listen(true)
      return answer.trim()
    },
    close: () => listen(false),
  }
}

function lineKeys(): Keys {
  const reader = createInterface({ input: process.stdin })
  const lines = reader[Symbol.asyncIterator]()
  const nextLine = async () => {
    const { value, done } = await lines.next()
    return done ? undefined : (value as string).trim()
  }
  return {
    next: async () => (await nextLine())?.at(0)?.toLowerCase(),
    line: async () => (await nextLine()) ?? '',
    close: () => reader.close(),
  }
}
