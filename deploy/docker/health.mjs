// Ends with 0 while the process answers on its listener, SHEAF_METRICS: for HEALTHCHECK, as the image has no curl.
import process from 'node:process'

const [, port] = /:(\d+)$/.exec(process.env.SHEAF_METRICS ?? '') ?? []
const answer = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(4000) }).catch(
  () => undefined,
)
process.exit(answer?.ok ? 0 : 1)
