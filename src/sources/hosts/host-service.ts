import type { Service } from '../../upstream/upstream.ts'

/**
 * Any host as a service with limits of its own: one request a second on two connections, which is what arXiv asks of
 * programs (https://info.arxiv.org/help/bulk_data.html) and no host has been seen to mind.
 */
export function hostService({ host }: URL): Service {
  return {
    name: `host:${host}`,
    title: host,
    limits: [{ name: 'requests', max: 1, window: 1_000 }],
    connections: 2,
    patience: 30_000,
    timeout: 120_000,
    attempts: 3,
    guarded: true,
  }
}
