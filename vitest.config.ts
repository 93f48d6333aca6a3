import { defineConfig } from 'vitest/config'

const common = { testTimeout: 30_000, hookTimeout: 60_000, pool: 'forks' } as const

/**
 * `main` is what every change is tried with; `live` makes whole reviews as processes: commands, servers, killed and resumed
 * ones, and sessions against the lab's services and models.
 */
export default defineConfig({
  test: {
    // One more than the cores that are counted on: much of the time a test waits, for a clock or a server.
    maxWorkers: 3,
    globalSetup: ['test/support/memory-disk.ts'],
    projects: [
      {
        test: {
          ...common,
          name: 'main',
          // Files share a process, and so what all of them import: a quarter of the time went into importing it anew.
          isolate: false,
          include: ['src/**/*.test.ts', 'lab/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/live/**'],
        },
      },
      {
        test: {
          ...common,
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          // Each command is a process that opens a database; on a busy machine a few of them take half a minute.
          testTimeout: 120_000,
        },
      },
    ],
  },
})
