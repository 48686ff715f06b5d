import type { SystemConfig } from '@subnetkit/core'

/** One version as `--json` prints it. Integers are text, so that no digit is lost to a reader that knows only floats. */
export interface ShownConfig {
  readonly key: string
  readonly type: SystemConfig['setting']['type']
  readonly value: unknown
  readonly version: number
  /** UTC, ISO 8601. */
  readonly updatedAt: string
  readonly updatedBy: string
}

/** A stored version for `--json`. */
export function showConfig(config: SystemConfig): ShownConfig {
  const { key, setting, version, updatedAt, updatedBy } = config
  return {
    key,
    type: setting.type,
    value: typeof setting.value === 'bigint' ? setting.value.toString() : setting.value,
    version,
    updatedAt: updatedAt.toISOString(),
    updatedBy,
  }
}

/** Column heads that go with {@link configRow}. */
export const configHead = ['key', 'type', 'value', 'version', 'updated at', 'by'] as const

/** A stored version as a row for a person. */
export function configRow(config: SystemConfig): readonly string[] {
  const { key, setting, version, updatedAt, updatedBy } = config
  const value = setting.type === 'json' ? JSON.stringify(setting.value) : String(setting.value)
  return [key, setting.type, value, String(version), updatedAt.toISOString(), updatedBy]
}
