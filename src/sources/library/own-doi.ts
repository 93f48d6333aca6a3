import { findDoi } from '../../methods/references/identifiers.ts'
import type { Segment } from './segments.ts'

/** Marks of DOIs that belong to something else than the paper: its data, its code, its model. */
const foreign =
  /\b(?:code|data|dataset|software|archive|supplement\p{L}*|materials?|available at|repository)\b/iu

/**
 * The paper's own DOI: one that stands labelled on a line of its own or in a margin, then one in a line of its citation;
 * not one that prose or a note cites for data or code. `titleBottom` parts a journal's head from the text.
 */
export function findOwnDoi(
  segments: readonly Segment[],
  margins: readonly string[],
  titleBottom: number | undefined,
): string | undefined {
  const lines = segments.map(({ text }, index) => joinBroken(text, segments[index + 1]?.text))
  const candidates = lines.flatMap((line, index) => {
    const doi = findDoi(line)
    if (doi === undefined) return []
    const above = titleBottom !== undefined && segments[index]!.bottom > titleBottom
    const score =
      (line.length < doi.length + 30 ? 3 : 0) +
      (/^(?:https?:\/\/(?:dx\.)?doi\.org|doi)\b/i.test(line) ? 3 : 0) +
      (/\b(?:citation|cite)\b/i.test(lines.slice(Math.max(0, index - 5), index + 1).join(' ')) ? 2 : 0) +
      // "Tobacco Control 2004;13:447–453. doi: …" gives the paper's own place; a cited one begins with its authors.
      (/^\p{Lu}[\p{L}& ]{3,60} (?:19|20)\d\d;\s?\d+\S*\s*doi\b/iu.test(line) ? 2 : 0) +
      (above ? 2 : 0) +
      (margins.some((margin) => margin.includes(segments[index]!.text)) ? 2 : 0) +
      (/\b(?:published|this article|with doi)\b/i.test(
        lines.slice(Math.max(0, index - 2), index + 1).join(' '),
      )
        ? 2
        : 0) -
      (foreign.test(line) ? 4 : 0)
    return [{ doi, score }]
  })
  const best = candidates.reduce<{ doi: string; score: number } | undefined>(
    (top, candidate) => (top && top.score >= candidate.score ? top : candidate),
    undefined,
  )
  if (best && best.score >= 2) return best.doi
  for (const margin of margins) {
    const doi = foreign.test(margin) ? undefined : findDoi(margin)
    if (doi !== undefined) return doi
  }
  return undefined
}

/** A DOI that the line's end breaks (`…/journal.` / `pone.0197919`) joined with its rest. */
function joinBroken(line: string, next: string | undefined): string {
  const rest = next?.split(' ')[0] ?? ''
  const broken =
    /10\.\d{4,9}(?:\/|\/\S*[/_-])?$/.test(line) || (/10\.\d{4,9}\/\S*\.$/.test(line) && rest.length > 3)
  return broken && /\d/.test(rest) ? line + rest : line
}
