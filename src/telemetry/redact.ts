/** What stands where a secret stood. */
const gone = '[redacted]'
/** A shorter value would be taken out of words that have nothing to do with it. */
const shortestSecret = 4

/** Who may do what with a request, as headers and their copies in messages and JSON name it. */
const headers =
  /\b((?:proxy-)?authorization|x-api-key|api-key|x-goog-api-key|cookie|set-cookie)(\\?["']?\s*[:=]\s*\\?["']?)(?:(?:bearer|basic)\s+)?[^"'\\\r\n,}]+/gi
const schemes = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi
/** Name and password in an address. */
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi
/** Parameters that let somebody in, in addresses. */
const parameters =
  /([?&;](?:api_?key|key|token|access_token|id_token|refresh_token|secret|client_secret|password|code|state|signature|sig|x-amz-signature|x-amz-security-token|x-amz-credential)=)[^&\s"'\\#;]+/gi

/**
 * Takes secrets out of a text that is about to leave the process: values that are known to be secret, as they are, in an
 * address or in JSON; and whatever stands where secrets stand: authorization headers, names and passwords in addresses,
 * parameters that hold tokens.
 */
export function createRedaction(secrets: readonly string[]): (text: string) => string {
  const known = [...new Set(secrets.filter(({ length }) => length >= shortestSecret).flatMap(formsOf))]
    // The longest first: one may be the beginning of another.
    .sort((one, other) => other.length - one.length)
  return (text) => {
    let clean = text
    for (const secret of known) clean = clean.replaceAll(secret, gone)
    return clean
      .replace(headers, `$1$2${gone}`)
      .replace(schemes, `$1 ${gone}`)
      .replace(userInfo, `$1${gone}@`)
      .replace(parameters, `$1${gone}`)
  }
}

function formsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
}
