/** Facts that go with a log line; plain data, never a secret (the logger redacts what looks like one). */
export type LogDetails = Readonly<Record<string, unknown>>

/**
 * What packages log through: the four levels of pino that they use. A pino logger is one; so is any object with these
 * methods, which is why no package needs pino's types in its signatures.
 */
export interface Logger {
  debug(details: LogDetails, message: string): void
  info(details: LogDetails, message: string): void
  warn(details: LogDetails, message: string): void
  error(details: LogDetails, message: string): void
  /** A logger whose lines all carry `details`. */
  child(details: LogDetails): Logger
}

/** Drops everything: for callers that pass no logger. */
export const silentLogger: Logger = Object.freeze({
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLogger,
})

function ignore(): void {
  // Nothing to keep.
}
