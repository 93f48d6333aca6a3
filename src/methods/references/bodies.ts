import type { Author } from '../../contract/paper.ts'

const collective =
  /\b(?:collaboration|consortium|working group|task force|core team|study group|initiative)\b/i
/** `The Sheaf authors`, `GAP Developers`: named words, then what the people are. */
const madeBy =
  /^(?:[Tt]he )?(?!The )(?:\p{Lu}[\p{L}\p{N}.+'’-]{0,30} ){1,5}(?:[Dd]evelopment [Tt]eam|[Aa]uthors|[Dd]evelopers|[Mm]aintainers|[Cc]ontributors|[Cc]ollaborators|[Ii]nvestigators)$/u
/** `Corresponding authors`, `All contributors`: people of the paper itself. */
const roles =
  /^(?:the )?(?:all|both|other|about|corresponding|contributing|equal|first|senior|lead|leading|joint|shared|contact|original|present|respective|individual|principal|co)\b/i
const group = /^[Tt]he .{1,80} (?:group|team|project|foundation|community|committee|network|society)$/i

/** Whether a line, or a part of one, names a body as author: `R Core Team`, `The GAP Developers`. */
export function isBody(text: string): boolean {
  return collective.test(text) || (madeBy.test(text) && !roles.test(text))
}

/** The same for what a file states as its author, where `The GAP Group` is no affiliation. */
export function isStatedBody(text: string): boolean {
  return isBody(text) || group.test(text)
}

/** A body as an author: a family name alone, without "The", as CSL's literal names are cited. */
export function bodyAuthor(name: string): Author {
  return { family: name.replace(/^the /i, '') }
}
