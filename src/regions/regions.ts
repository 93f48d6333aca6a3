/** What is about to be asked: a model, as `PROVIDER/MODEL`; or a service and the host that it is asked at. */
export type Asked = { readonly model: string } | { readonly service: string; readonly host: string }

/** Regions by what is asked from there alone: a source, a host with its subdomains, a model as `PROVIDER/MODEL`. */
export type Bindings = Readonly<Record<string, string>>

/** What a name in the settings stands for, by its looks. */
export function kindOfName(name: string): 'model' | 'host' | 'source' {
  if (name.includes('/')) return 'model'
  return name.includes('.') ? 'host' : 'source'
}

/** The region from which alone something is asked; a service goes before its host, a subdomain before what it belongs to. */
export function regionOf(bindings: Bindings, asked: Asked): string | undefined {
  const bound = (name: string) => (Object.hasOwn(bindings, name) ? bindings[name] : undefined)
  if ('model' in asked) return bound(asked.model)
  const labels = asked.host.toLowerCase().split('.')
  const hosts = labels.map((_, index) => labels.slice(index).join('.')).filter((host) => host.includes('.'))
  for (const name of [asked.service, ...hosts]) {
    const region = bound(name)
    if (region !== undefined) return region
  }
  return undefined
}

/** Where something is to be asked that one region alone asks. */
export interface Place {
  readonly region: string
  /** Whether it may be asked here: this is the region, or nobody is at work there to ask it. */
  readonly isHere: boolean
}

/** The port that the ways out of the machine look at, just before something is really sent. */
export interface Regions {
  /** Undefined for what is asked anywhere, and outside of a job that can go on elsewhere: then somebody waits for it here. */
  placeOf(asked: Asked): Place | undefined
}

/** Everything is asked where it is wanted. */
export const anywhere: Regions = { placeOf: () => undefined }
