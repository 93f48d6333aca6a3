/** Leaves the first `most` different names as they are and calls all others `other`, so that a label stays bounded. */
export function createBoundedNames(most: number): (name: string) => string {
  const known = new Set<string>()
  return (name) => {
    if (known.has(name)) return name
    if (known.size >= most) return 'other'
    known.add(name)
    return name
  }
}
