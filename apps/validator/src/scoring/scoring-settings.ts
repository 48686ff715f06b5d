import { type ConfigValue, InputError, parseInput, unitIntervalSchema, type JsonValue } from '@subnetkit/core'

import type { Environment } from '../ports/environment.ts'
import { environmentKey, parseEnvironmentSettings } from '../sampling/environment-settings.ts'
import type { PreparedRule } from './weight-rule.ts'
import { getWeightRule } from './weight-rules.ts'

const ENVIRONMENT_PREFIX = environmentKey('')

/** An environment that counts, and which of its samples do. */
export interface ScoredEnvironment {
  readonly name: string
  readonly scoreRange: readonly [lowest: number, highest: number]
  /** Task ids [from, to). */
  readonly scoringRange: readonly [from: number, to: number]
  /** Samples of these generations count, both included; of one task the highest. */
  readonly fromGeneration: number
  readonly toGeneration: number
  readonly minCompleteness: number
}

/** Everything configured that decides what a scoring says. */
export interface ScoringSettings {
  readonly rule: PreparedRule
  /** Share that goes to uid 0 instead of to miners. */
  readonly burn: number
  /** In the order of names. */
  readonly environments: readonly ScoredEnvironment[]
}

/** What of an environment scoring needs to know. */
export type ScorableEnvironment = Pick<Environment, 'name' | 'scoreRange' | 'taskCount'>

/**
 * Reads the keys `scoring.rule`, `scoring.burn`, `scoring.<rule>` and `environment.<name>`.
 *
 * @throws InputError naming the key: a value that does not fit, an environment that is configured to count but not
 *   known, tasks beyond its last, or no environment at all.
 */
export function parseScoringSettings(
  configured: ReadonlyMap<string, ConfigValue>,
  known: ReadonlyMap<string, ScorableEnvironment>,
): ScoringSettings {
  const ruleName = textOf(configured, 'scoring.rule') ?? 'layers'
  const ruleKey = `scoring.${ruleName}`
  const rule = getWeightRule(ruleName).prepare(jsonOf(configured, ruleKey) ?? {})
  const burn = parseInput(unitIntervalSchema, numberOf(configured, 'scoring.burn') ?? 0, {
    subject: 'scoring.burn',
  })
  const environments = [...configured.keys()]
    .filter((key) => key.startsWith(ENVIRONMENT_PREFIX))
    .toSorted()
    .flatMap((key) => readEnvironment(configured, key.slice(ENVIRONMENT_PREFIX.length), known))
  if (environments.length > 0) return { rule, burn, environments }
  throw new InputError({
    field: environmentKey('<name>'),
    problem: 'is not set for any environment that counts',
    hint: `give one its tasks, for example: validator config set ${environmentKey('sat')} '{"samplingRange": [0, 100]}' --type json`,
  })
}

function readEnvironment(
  configured: ReadonlyMap<string, ConfigValue>,
  name: string,
  known: ReadonlyMap<string, ScorableEnvironment>,
): readonly ScoredEnvironment[] {
  const key = environmentKey(name)
  const settings = parseEnvironmentSettings(name, jsonOf(configured, key) ?? null)
  if (!settings.isScored) return []
  const environment = known.get(name)
  if (environment === undefined) {
    throw new InputError({
      field: key,
      problem: 'counts, but no environment has this name',
      hint: `use one of ${[...known.keys()].join(', ')}, or set "isScored": false`,
    })
  }
  const scoringRange = settings.scoringRange ?? settings.samplingRange
  if (scoringRange[1] > environment.taskCount) {
    throw new InputError({
      field: `${key}: scoringRange`,
      value: scoringRange,
      problem: `goes beyond the last of ${environment.taskCount} tasks, so nobody could ever be complete`,
      hint: `end it at ${environment.taskCount}`,
    })
  }
  if (settings.countedFrom > settings.generation) {
    throw new InputError({
      field: `${key}: countedFrom`,
      value: settings.countedFrom,
      problem: `is above the generation ${settings.generation} that is sampled`,
      hint: `use at most ${settings.generation}`,
    })
  }
  return [
    {
      name,
      scoreRange: environment.scoreRange,
      scoringRange,
      fromGeneration: settings.countedFrom,
      toGeneration: settings.generation,
      minCompleteness: settings.minCompleteness,
    },
  ]
}

/** A number, however it was typed; undefined when the key is not set. */
function numberOf(configured: ReadonlyMap<string, ConfigValue>, key: string): number | undefined {
  const setting = configured.get(key)
  if (setting === undefined) return undefined
  if (setting.type === 'number' || setting.type === 'integer') return Number(setting.value)
  throw wrongType(key, setting, 'number')
}

function jsonOf(configured: ReadonlyMap<string, ConfigValue>, key: string): JsonValue | undefined {
  const setting = configured.get(key)
  if (setting === undefined || setting.type === 'json') return setting?.value
  throw wrongType(key, setting, 'json')
}

function textOf(configured: ReadonlyMap<string, ConfigValue>, key: string): string | undefined {
  const setting = configured.get(key)
  if (setting === undefined || setting.type === 'string') return setting?.value
  throw wrongType(key, setting, 'string')
}

function wrongType(key: string, setting: ConfigValue, type: ConfigValue['type']): InputError {
  return new InputError({
    field: key,
    value: setting.value,
    problem: `is kept as ${setting.type}, not as ${type}`,
    hint: `set it again with --type ${type}`,
  })
}
