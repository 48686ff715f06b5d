/** What {@link RequestRefusal} says to the client. */
export interface RequestRefusalOptions {
  /** 401 who are you, 403 not you, 404 nothing there, 409 not now, 413 too much, 422 not so, 429 too often, 503 not yet. */
  readonly status: 401 | 403 | 404 | 409 | 413 | 422 | 429 | 503
  /** A lower-case word that programs can tell it by, such as `replayed`. */
  readonly code: string
  /** Goes out as it is: no inner workings. */
  readonly message: string
  /** The way out. */
  readonly hint?: string
}

/** A server's own refusal of a request: thrown by hooks and handlers, its texts are made for the client. */
export class RequestRefusal extends Error {
  override readonly name = 'RequestRefusal'
  readonly status: RequestRefusalOptions['status']
  readonly code: string
  readonly hint: string | null

  constructor(options: RequestRefusalOptions) {
    super(options.message)
    this.status = options.status
    this.code = options.code
    this.hint = options.hint ?? null
  }
}
