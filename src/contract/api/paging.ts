import { z } from 'zod'

/** The most items that one page of a list holds. */
export const largestPage = 200

/** What part of a list is asked for. */
export const pageQuerySchema = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(largestPage)
    .default(50)
    .meta({ description: `How many items, at most ${largestPage}.` }),
  after: z
    .string()
    .max(300)
    .regex(/^[^\0]*$/, 'is no place in a list')
    .optional()
    .meta({ description: 'Go on after this item: `next` of the page before.' }),
})
export type PageQuery = z.infer<typeof pageQuerySchema>

/** One page of a list. `next` is there when the list goes on: give it as `after`. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().optional() })
}

/** One page of a list of `Item`. */
export interface ListPage<Item> {
  readonly items: Item[]
  readonly next?: string
}

/**
 * A page from one item more than was asked for: the item beyond tells that the list goes on.
 * @param keyOf what the list is sorted by and `after` names
 */
export function pageOf<Item>(
  found: readonly Item[],
  limit: number,
  keyOf: (item: Item) => string,
): ListPage<Item> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, ...(found.length > limit && last !== undefined && { next: keyOf(last) }) }
}
