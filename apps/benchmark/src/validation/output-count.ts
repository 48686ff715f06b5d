import { InputError } from '@subnetkit/core'

import type { OutputLimits } from './output-limits.ts'

const names: Readonly<Record<keyof OutputLimits, string>> = {
  patterns: 'patterns',
  addresses: 'addresses',
  transactions: 'transactions',
  scores: 'scores',
  misfits: 'rows that do not fit the schema',
  lineBytes: 'bytes in a line',
  reportBytes: 'bytes',
}

/** Counts what a run hands in and refuses it where it passes a limit. */
export class OutputCount {
  readonly #limits: OutputLimits
  readonly #counts = new Map<keyof OutputLimits, number>()

  constructor(limits: OutputLimits) {
    this.#limits = limits
  }

  /** @throws InputError when the count passes its limit: the whole output is refused. */
  add(what: keyof OutputLimits, more: number): void {
    const count = (this.#counts.get(what) ?? 0) + more
    this.#counts.set(what, count)
    const limit = this.#limits[what]
    if (count <= limit) return
    throw new InputError({
      field: 'output',
      problem: `holds more than ${limit.toLocaleString('en-US')} ${names[what]}`,
      hint: 'report what you stand by, in the columns of the guide',
    })
  }
}
