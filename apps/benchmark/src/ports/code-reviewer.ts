/** A file that is put before a reviewer. */
export interface ReviewedFile {
  /** Relative to the tree. */
  readonly path: string
  readonly text: string
}

/** What a reviewer says. No answer in this form is a rejection of nothing: it throws. */
export interface CodeReview {
  readonly isAccepted: boolean
  /** Sentences for the miner; at least one when it is refused. */
  readonly concerns: readonly string[]
}

/**
 * Somebody who reads code, such as a language model. It can only refuse what the rules let through, never the other way
 * round; and when it cannot answer, the scan fails and is tried again.
 */
export interface CodeReviewer {
  readonly name: string
  review(params: Readonly<{ files: readonly ReviewedFile[]; signal: AbortSignal }>): Promise<CodeReview>
}
