import { oneLine } from '../displayable.ts'

/**
 * Untrusted text for one line of GitHub Flavored Markdown, a table cell included: read back it is that text and nothing
 * else, neither emphasis nor link nor HTML nor a cell's end. Follows CommonMark 0.31 (2.4 backslash escapes) and GFM 0.29
 * (6.9 autolinks, which need no brackets: `www.`, `http://`, `a@b`).
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~&$@]/g, '\\$&')
    .replace(/(https?|ftp|mailto|xmpp):/gi, '$1\\:')
    .replace(/(www)\./gi, '$1\\.')
    .replace(/^[#+=:-]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2')
    .replace(/!(?=\\\[)/g, '\\!')
}
