import { type ConfigValue, InputError, parseInput } from '@subnetkit/core'
import { z } from 'zod'

/** How this validator samples: each field is the configuration key `sampling.<name in snake_case>`. */
export const samplingSettingsSchema = z.strictObject({
  /** How long a claim holds without a heartbeat; a worker that died gives its tasks back after it. */
  leaseMs: z.int().min(1_000).max(3_600_000).default(60_000),
  /** How long a miner may take to answer, retries included; being slower is its fault. */
  answerLimitMs: z.int().min(100).max(3_600_000).default(300_000),
  /** Most tasks per claim. */
  claimBatch: z.int().min(1).max(100).default(16),
  /** Most tasks of one miner at work at once, per process. */
  perMiner: z.int().min(1).max(1_000).default(4),
  /** Faults in a row after which a miner is paused. */
  pauseAfterErrors: z.int().min(1).max(10_000).default(10),
  /** Longest time between two passes of the scheduler. */
  scheduleIntervalMs: z.int().min(100).max(3_600_000).default(30_000),
  /** Miners and environments that a pass looks at together. */
  scheduleConcurrency: z.int().min(1).max(256).default(8),
})
/** See {@link samplingSettingsSchema}. */
export type SamplingSettings = z.infer<typeof samplingSettingsSchema>

/** One field of {@link SamplingSettings} and the key that it is kept under. */
export const samplingKeys: Readonly<Record<keyof SamplingSettings, string>> = {
  leaseMs: 'sampling.lease_ms',
  answerLimitMs: 'sampling.answer_limit_ms',
  claimBatch: 'sampling.claim_batch',
  perMiner: 'sampling.per_miner',
  pauseAfterErrors: 'sampling.pause_after_errors',
  scheduleIntervalMs: 'sampling.schedule_interval_ms',
  scheduleConcurrency: 'sampling.schedule_concurrency',
}

const fields = samplingSettingsSchema.keyof().options

/**
 * Settings from what is configured, by key; keys that are not set have their defaults.
 *
 * @throws InputError that names the key.
 */
export function parseSamplingSettings(configured: ReadonlyMap<string, ConfigValue>): SamplingSettings {
  const given: Record<string, unknown> = {}
  for (const field of fields) {
    const setting = configured.get(samplingKeys[field])
    if (setting !== undefined) given[field] = wholeNumber(samplingKeys[field], setting)
  }
  return parseInput(samplingSettingsSchema, given, {
    subject: 'sampling',
    fieldName: ([field]) =>
      fields.map((known) => samplingKeys[known])[fields.findIndex((known) => known === field)] ?? 'sampling',
  })
}

function wholeNumber(key: string, setting: ConfigValue): number {
  if (setting.type === 'integer' || setting.type === 'number') return Number(setting.value)
  throw new InputError({
    field: key,
    value: setting.value,
    problem: `is kept as ${setting.type}, not as a number`,
    hint: `set it with validator config set ${key} <n> --type integer`,
  })
}
