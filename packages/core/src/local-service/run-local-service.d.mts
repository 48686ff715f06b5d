/** What a started service gives back. */
export interface StartedService {
  /** What its users need to talk to it: plain JSON; it stands in the ready file, which only this user can read. */
  readonly info: unknown
  /** Ends the service. The process ends when it settles, and after 5 s in any case. */
  stop(): void | Promise<void>
}

/** What the joining side hands to the service process. */
export interface ServiceSettings {
  readonly name: string
  readonly folder: string
}

/**
 * The other side of `joinLocalService`: runs in the service's own process, from a plain JavaScript file that runs
 * without a build. Starts the service, announces it, counts leases, and ends the process after the last one.
 * SIGTERM ends it at once; SIGINT and SIGHUP are ignored, since Ctrl-C is meant for its users.
 */
export function runLocalService(options: {
  readonly start: (settings: ServiceSettings) => Promise<StartedService>
}): Promise<void>
