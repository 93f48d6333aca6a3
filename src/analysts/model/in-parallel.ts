/** Questions of one task that are under way at once; the deployment's limits bind before this does. */
const mostAtOnce = 32

/**
 * Does something with each item, several at once, and gives the results in the items' order. After a failure nothing new
 * is begun; what is under way is waited for, since a model's answer is paid for and kept, and then the first failure is
 * thrown.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const failures: unknown[] = []
  const queue = items.entries()
  const workThrough = async () => {
    for (const [place, item] of queue) {
      try {
        results[place] = await work(item)
      } catch (thrown) {
        failures.push(thrown)
      }
      if (failures.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, items.length) }, workThrough))
  if (failures.length > 0) throw failures[0]
  return results
}
