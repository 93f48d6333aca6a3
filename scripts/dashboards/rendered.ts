import { api } from './api.ts'
import { overview } from './overview.ts'
import { upstream } from './upstream.ts'

/** Every dashboard as the text of its file, by the file's name. */
export function renderedDashboards(): ReadonlyMap<string, string> {
  const all = { overview, upstream, api }
  return new Map(
    Object.entries(all).map(([name, dashboard]) => [
      `${name}.json`,
      `${JSON.stringify(dashboard.build(), null, 2)}\n`,
    ]),
  )
}
