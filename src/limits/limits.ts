import type { Pause, Service } from '../upstream/upstream.ts'

/**
 * Turns at services that limit how much they are asked: one count for the whole deployment, kept in the database, by
 * the database's clock.
 */
export interface Limits {
  /**
   * Waits until the service's limits leave room for the units and a connection is free; within a process in the order of asking.
   * @throws {WaitingError} when the turn is further away than the service's patience; nothing is then held
   */
  take(request: TurnRequest): Promise<Turn>
  /** Notes a server's word: nothing is taken of that limit before its time. */
  pause(service: string, pause: Pause): Promise<void>
  /** What is paused at a service now. */
  paused(service: string): Promise<Pause[]>
}

/** What a caller wants to take of a service's limits. */
export interface TurnRequest {
  readonly service: Pick<Service, 'name' | 'title' | 'limits' | 'connections' | 'patience' | 'timeout'>
  /** Units by the limit's name; 1 for a limit that is not named. */
  readonly units?: Readonly<Record<string, number>>
  readonly signal?: AbortSignal | undefined
}

/** A turn that has come. */
export interface Turn {
  /** To be called right before the turn is used where other work came in between: used late, it counts from now on. */
  renew(): Promise<void>
  /** Corrects what was taken to what was really used, by the limit's name, as soon as that is known. */
  settle(units: Readonly<Record<string, number>>): Promise<void>
  /** Gives the connection back. Always call it; after the service's timeout it is given back anyway. */
  release(): Promise<void>
}
