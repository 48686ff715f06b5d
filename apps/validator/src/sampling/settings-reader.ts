import {
  type Clock,
  type ConfigValue,
  InputError,
  type Logger,
  type SystemConfigRepository,
} from '@subnetkit/core'

import { environmentKey, parseEnvironmentSettings } from './environment-settings.ts'
import { retriedSteps } from './retried-step.ts'
import { parseSamplingSettings, samplingKeys, type SamplingSettings } from './sampling-settings.ts'
import type { SampledEnvironment } from './scheduler.ts'

/** How long settings are used before the store is asked whether they changed. */
const FRESH_MS = 3_000

/** What is configured at the moment. */
export interface ConfiguredSampling {
  readonly sampling: SamplingSettings
  /** Those that have settings and are to be sampled, in the order of the registry. */
  readonly environments: readonly SampledEnvironment[]
  /** Changes with any version of any key. */
  readonly version: string
}

/** What reading settings works with. */
export interface SettingsReaderParams {
  readonly systemConfig: Pick<SystemConfigRepository, 'find'>
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  /** Environments that this process knows. */
  readonly environments: readonly string[]
}

/**
 * Reads `sampling.*` and `environment.<name>` and keeps them for a few seconds: a change takes effect without a restart.
 * The first reading refuses what is not valid; later ones go on with what was valid before, and say so once.
 */
export class SettingsReader {
  readonly #params: SettingsReaderParams
  #current: ConfiguredSampling | null = null
  #readMs = 0
  #refusedVersion = ''

  constructor(params: SettingsReaderParams) {
    this.#params = params
  }

  /** @throws InputError at the first reading, naming the key. */
  async read(signal: AbortSignal): Promise<ConfiguredSampling> {
    const { clock, log } = this.#params
    if (this.#current !== null && clock.monotonicMs() - this.#readMs < FRESH_MS) return this.#current
    const { configured, version } = await this.#readKeys(signal)
    this.#readMs = clock.monotonicMs()
    if (version === this.#current?.version || (this.#current !== null && version === this.#refusedVersion)) {
      return this.#current
    }
    try {
      this.#current = this.#parse(configured, version)
    } catch (error) {
      if (this.#current === null) throw error
      this.#refusedVersion = version
      log.error({ err: error }, 'settings were changed to what is not valid; going on with those before')
    }
    return this.#current
  }

  async #readKeys(
    signal: AbortSignal,
  ): Promise<{ readonly configured: ReadonlyMap<string, ConfigValue>; readonly version: string }> {
    const { systemConfig, environments, clock, random, log } = this.#params
    const step = retriedSteps({ clock, random, log, signal })
    const keys = [...Object.values(samplingKeys), ...environments.map(environmentKey)]
    const found = await Promise.all(
      keys.map((key) => step('read settings', () => systemConfig.find({ key }, { signal }))),
    )
    const current = found.filter((config) => config !== null)
    return {
      configured: new Map(current.map(({ key, setting }) => [key, setting])),
      version: current.map(({ key, version }) => `${key}@${version}`).join(' '),
    }
  }

  #parse(configured: ReadonlyMap<string, ConfigValue>, version: string): ConfiguredSampling {
    const environments = this.#params.environments.flatMap((name) => {
      const setting = configured.get(environmentKey(name))
      if (setting === undefined) return []
      if (setting.type !== 'json') throw notJson(name, setting)
      const settings = parseEnvironmentSettings(name, setting.value)
      return settings.isSampled ? [{ name, settings }] : []
    })
    return { sampling: parseSamplingSettings(configured), environments, version }
  }
}

function notJson(environment: string, setting: ConfigValue): InputError {
  const key = environmentKey(environment)
  return new InputError({
    field: key,
    value: setting.value,
    problem: `is kept as ${setting.type}, not as json`,
    hint: `set it with validator config set ${key} '{"samplingRange": [0, 500]}' --type json`,
  })
}
