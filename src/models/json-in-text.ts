/** So many parts between fences are looked at. */
const mostParts = 8

/**
 * The JSON object in a model's text: all of it, in a fence, or between its first and last brace, after its thinking.
 * Undefined when there is none. Nothing is repaired: the text between is JSON or it is not.
 */
export function readJson(text: string): unknown {
  const said = text.split('</think>').at(-1)!
  const fenced = said.split('```', mostParts).slice(1)
  for (const candidate of [said, ...fenced.map((part) => part.replace(/^json/, '')), betweenBraces(said)]) {
    const json = parse(candidate)
    if (typeof json === 'object' && json !== null) return json
  }
  return undefined
}

function betweenBraces(text: string): string {
  return text.slice(Math.max(0, text.indexOf('{')), text.lastIndexOf('}') + 1)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an answer too: the next place is looked at.
    return undefined
  }
}
