/** What every call of a repository accepts besides its own parameters. */
export interface CallOptions {
  /** Aborts the call, on the server too; the call rejects with the signal's own reason, unwrapped. */
  readonly signal?: AbortSignal
}
