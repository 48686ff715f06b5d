/** A program and what it is given. */
export interface RunProgramParams {
  /** JavaScript that defines a function `solve`; not trusted. */
  readonly source: string
  /** One JSON text per call of `solve`, in order. */
  readonly inputs: readonly string[]
  /** Ends the wait with the signal's reason; what already runs ends within its own limits. */
  readonly signal?: AbortSignal
}

/** What came of a program: an output per input, or the reason why it never got that far. */
export type ProgramRun =
  | {
      readonly kind: 'finished'
      /** JSON text of what each call returned; null where it threw or returned nothing that JSON can say. */
      readonly outputs: readonly (string | null)[]
    }
  | {
      readonly kind: 'refused'
      /** `too_long`, `syntax`, `no_function`, `steps`, `output`, `time` or `crashed`. */
      readonly reason: string
    }

/**
 * Runs programs of people who would gain by breaking out: no file, network, clock or randomness, and fixed limits of
 * memory, stack, steps and time. The same program and inputs give the same run on every machine, unless the time limit
 * ends it.
 */
export interface ProgramSandbox {
  /** Never rejects for what a program does. */
  run(params: RunProgramParams): Promise<ProgramRun>
  close(): Promise<void>
}
