import { oneLine } from '../displayable.ts'

/** Zero width, never a place for a line break (Unicode 16, 23.2). */
const wordJoiner = '\u2060'

/**
 * Untrusted text for one line of GitHub Flavored Markdown, a table cell included: read back it is that text and nothing
 * else, neither emphasis nor link nor HTML nor a cell's end. Follows CommonMark 0.31 (2.4 backslash escapes). GFM's
 * autolinks (0.29, 6.9: `www.`, `http://`, `a@b`) need no brackets and are found by some programs even in escaped text,
 * so an invisible word joiner breaks them.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~$]|&(?=[#a-z])/gi, '\\$&')
    .replace(/(https?|ftp|mailto|xmpp):/gi, `$1${wordJoiner}:`)
    .replace(/(www)\./gi, `$1${wordJoiner}.`)
    .replace(/([\w.+-])@/g, `$1${wordJoiner}@`)
    .replace(/^[#+=:-]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2')
    .replace(/!(?=\\\[)/g, '\\!')
}
