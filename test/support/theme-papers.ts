import type { ThemeDocument } from '../../src/methods/clustering/phrases.ts'

/** Titles and abstracts of papers on honey bees, made for tests. */
export const bees = [
  [
    'Honey bee foraging in urban gardens',
    'We observed honey bee foraging on flowering plants. Urban gardens feed honey bee colonies all summer.',
  ],
  [
    'Pesticides and honey bee foraging',
    'Neonicotinoid pesticides disturb honey bee foraging. Colonies near fields lost foragers and flowering plants.',
  ],
  [
    'Waggle dances guide foraging of the honey bee',
    'The waggle dance of the honey bee tells foragers where flowering plants are. Dances change with the season.',
  ],
  [
    'Colonies under drought',
    'Honey bee colonies stored less nectar in a drought. Foragers flew farther to flowering plants.',
  ],
] as const
/** Titles and abstracts of papers on steel bridges, made for tests. */
export const bridges = [
  [
    'Fatigue cracks in steel bridges',
    'Fatigue cracks grow in welded joints of steel bridges. We monitored strain gauges under traffic load.',
  ],
  [
    'Monitoring traffic load on steel bridges',
    'Strain gauges record the traffic load of steel bridges. Fatigue cracks appeared at welded joints.',
  ],
  [
    'Welded joints and their repair',
    'Repair of welded joints in steel bridges delays fatigue cracks. Traffic load decides how long.',
  ],
  [
    'Corrosion of steel bridges near the sea',
    'Corrosion weakens steel bridges and speeds fatigue cracks. Strain gauges showed it at welded joints.',
  ],
] as const

/** The papers of a list of titles and texts; their identifiers begin with the prefix. */
export function documents(texts: readonly (readonly [string, string])[], prefix: string): ThemeDocument[] {
  return texts.map(([title, text], at) => ({ id: `${prefix}${at}`, title, text }))
}

/** Papers on two subjects. */
export const both = [...documents(bees, 'a'), ...documents(bridges, 'b')]
