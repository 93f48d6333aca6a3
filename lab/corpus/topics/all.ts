import { computing } from './computing.ts'
import { health } from './health.ts'
import type { Topic } from './topic.ts'
import { world } from './world.ts'

/** All topics, in a fixed order: a paper's topic is its index in here. */
export const topics: readonly Topic[] = [...computing, ...health, ...world]
