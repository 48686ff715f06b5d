import { type ConfigValue, InputError, parseInput } from '@subnetkit/core'
import type { z } from 'zod'

/** A setting that is kept as JSON under a key of its own. */
export interface JsonSetting<T> {
  readonly key: string
  readonly schema: z.ZodType<T>
  /** A value that is right, for the way out. */
  readonly example: string
}

/** The setting as configured, or its defaults. @throws InputError naming the key and the field that does not fit. */
export function parseJsonSetting<T>(
  configured: ReadonlyMap<string, ConfigValue>,
  { key, schema, example }: JsonSetting<T>,
): T {
  const setting = configured.get(key)
  if (setting !== undefined && setting.type !== 'json') {
    throw new InputError({
      field: key,
      problem: `is kept as ${setting.type}, not as json`,
      hint: `set it again: validator config set ${key} '${example}' --type json`,
    })
  }
  return parseInput(schema, setting?.value ?? {}, { subject: key })
}
