import type { CallOptions, Logger, Repositories } from '@subnetkit/core'

import { readConfigured } from '../scoring/read-configured.ts'
import { parseRecordSettings, type RecordSettings } from './record-settings.ts'

/**
 * The record's settings as they stand in each pass. A value that is not valid is told once, and the last good one stays
 * in force: the record never stops weights, not even by its configuration.
 */
export class SettingsInForce {
  readonly #log: Pick<Logger, 'error'>
  #current: RecordSettings = parseRecordSettings(new Map())
  #told = ''

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log
  }

  /** Those of the last reading that went well; the defaults before. */
  get current(): RecordSettings {
    return this.#current
  }

  /** Reads them anew. @throws StorageError when the store does not answer. */
  async read(
    systemConfig: Pick<Repositories['systemConfig'], 'list'>,
    options?: CallOptions,
  ): Promise<RecordSettings> {
    const configured = await readConfigured(systemConfig, options)
    try {
      this.#current = parseRecordSettings(configured)
      this.#told = ''
    } catch (error) {
      const told = String(error)
      if (told !== this.#told) {
        this.#log.error({ err: error }, 'stats.record is not valid; the record goes on with what was valid')
      }
      this.#told = told
    }
    return this.#current
  }
}
