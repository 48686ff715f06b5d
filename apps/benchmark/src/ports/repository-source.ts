/** What a repository may weigh. */
export interface CloneLimits {
  readonly totalBytes: number
  readonly fileBytes: number
  readonly files: number
  readonly timeLimitMs: number
}

/** Which tree is wanted. */
export interface CloneParams {
  readonly repository: string
  /** Null for the head of the default branch, whose hash is the answer. */
  readonly commit: string | null
  /** Where the tree goes; must not exist. It appears whole or not at all, without `.git`. */
  readonly into: string
  readonly limits: CloneLimits
  readonly signal: AbortSignal
}

/** How a clone ended. The submission's fault is a value; the network's and the machine's are thrown as retryable StorageErrors. */
export type CloneResult =
  | { readonly isCloned: true; readonly commit: string; readonly files: number; readonly bytes: number }
  | { readonly isCloned: false; readonly reason: string }

/** Where submissions' code comes from. */
export interface RepositorySource {
  /** The commit that the head of the default branch is at, to be pinned. @throws InputError when there is no such repository. */
  resolveHead(params: Readonly<{ repository: string; signal: AbortSignal }>): Promise<string>
  clone(params: Readonly<CloneParams>): Promise<CloneResult>
}
