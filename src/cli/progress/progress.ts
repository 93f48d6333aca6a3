import type { SessionEvent } from '../../contract/events.ts'

/** Shows a session's events as they come. One of three: a live picture, a line for each event, or JSON lines. */
export interface Progress {
  show(event: SessionEvent): void
  /** Leaves the output in order; nothing is shown afterwards. */
  end(): void
}

/** Shows nothing, for `--quiet`. */
export const silent: Progress = { show() {}, end() {} }
