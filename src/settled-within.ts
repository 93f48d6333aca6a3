/**
 * Waits for something that goes on by itself, but no longer than so many milliseconds. Resolves with whether it came to its end;
 * throws what it failed with within the time. What becomes of it later is told to nobody.
 */
export async function settledWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false)
  })
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer))
}
