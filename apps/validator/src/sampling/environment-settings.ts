import { generationSchema, parseInput, taskIdSchema, type JsonValue } from '@subnetkit/core'
import { z } from 'zod'

/** A half-open range of task ids, [from, to). */
const taskRangeSchema = z
  .tuple([taskIdSchema, taskIdSchema])
  .refine(([from, to]) => from < to, 'must be [from, to) with from below to')

/** How one environment is sampled and scored: the value of the configuration key `environment.<name>`. */
export const environmentSettingsSchema = z.strictObject({
  /** Whether new tasks are made. */
  isSampled: z.boolean().default(true),
  /** Whether its samples count in scores. */
  isScored: z.boolean().default(true),
  /** Which tasks every miner is asked. */
  samplingRange: taskRangeSchema,
  /** Which tasks count; the sampling range when absent. */
  scoringRange: taskRangeSchema.nullable().default(null),
  /** The generation that new samples belong to. */
  generation: generationSchema.min(1, 'must be at least 1: generation 0 is imported history').default(1),
  /** Lowest generation whose samples count; 0 takes imported history in. */
  countedFrom: generationSchema.default(1),
  /** Share of the scoring range that must have samples. */
  minCompleteness: z.number().gt(0).max(1).default(0.95),
  /** Most open tasks per miner. */
  maxOpenTasks: z.int().min(1).max(10_000).default(200),
  priority: z.int().min(0).max(999).default(100),
  maxAttempts: z.int().min(1).max(100).default(5),
})
/** See {@link environmentSettingsSchema}. */
export type EnvironmentSettings = z.infer<typeof environmentSettingsSchema>

/** The configuration key of an environment. */
export function environmentKey(environment: string): string {
  return `environment.${environment}`
}

/** Reads settings from configuration. @throws InputError naming the key and the field. */
export function parseEnvironmentSettings(environment: string, value: JsonValue): EnvironmentSettings {
  return parseInput(environmentSettingsSchema, value, { subject: environmentKey(environment) })
}
