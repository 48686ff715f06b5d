import type { Logger } from '@subnetkit/core'

import type { RecordSettings } from './record-settings.ts'

/** What has a threshold. */
export type AlarmName = keyof RecordSettings['warnAbove']

const meanings: Readonly<Record<AlarmName, string>> = {
  gaps: 'things are missing in the record',
  failures: 'writes of the record failed in a row',
  tableBytes: 'bytes are taken up by the record',
  consensusDelayBlocks: 'blocks passed until consensus',
}

/** A value and its threshold, in words. */
export function alarmText(name: AlarmName, value: number, limit: number): string {
  return `${value} ${meanings[name]}; stats.record warns above ${limit}`
}

/** Warns once when a value goes above its threshold, and tells once when it is back. */
export class RecordAlarms {
  readonly #log: Pick<Logger, 'warn' | 'info'>
  readonly #raised = new Set<AlarmName>()

  constructor(log: Pick<Logger, 'warn' | 'info'>) {
    this.#log = log
  }

  /** Looks at one value as it stands now. */
  look(name: AlarmName, value: number, limits: RecordSettings['warnAbove']): void {
    const limit = limits[name]
    if (value > limit === this.#raised.has(name)) return
    if (value > limit) {
      this.#raised.add(name)
      this.#log.warn({ [name]: value, limit }, alarmText(name, value, limit))
    } else {
      this.#raised.delete(name)
      this.#log.info({ [name]: value, limit }, `${name} of the record is back within its threshold`)
    }
  }
}
