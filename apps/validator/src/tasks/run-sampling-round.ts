import { setMaxListeners } from 'node:events'

import { defineTask, InputError, sampleRoundContextSchema } from '@subnetkit/core'
import type { SampleRoundContext, Repositories } from '@subnetkit/core'

import type { Environment } from '../ports/environment.ts'
import type { MinerClient } from '../ports/miner-client.ts'
import { runSamplingRound, type SamplingRoundReport } from '../sampling/sampling-round.ts'
import { SettingsReader } from '../sampling/settings-reader.ts'

/** What a round of sampling works with. */
export interface RunSamplingRoundDeps {
  readonly repositories: Pick<
    Repositories,
    'executionLogs' | 'miners' | 'samples' | 'samplingTasks' | 'systemConfig'
  >
  /** Every environment that there is, by name. */
  readonly environments: ReadonlyMap<string, Environment>
  readonly minerClient: MinerClient
  /** Names this process, for leases and logs. */
  readonly worker: string
  /** A new unique id each time. */
  readonly newId: () => string
  readonly blockNumberAt: (now: Date) => number
}

/** A round of sampling. Any number of them run side by side, in any number of processes, on one store. */
export const runSamplingRoundTask = defineTask<RunSamplingRoundDeps, SampleRoundContext, SamplingRoundReport>(
  {
    name: 'run-sampling-round',
    context: sampleRoundContextSchema,
    run: async (deps, context, control) => {
      const { clock, log, progress, random, signal } = control
      const environments = chosen(deps.environments, context.environments)
      const settings = new SettingsReader({
        systemConfig: deps.repositories.systemConfig,
        clock,
        random,
        log,
        environments: [...environments.keys()],
      })
      setMaxListeners(0, signal)
      const { workers, perMiner, limit, isWatching } = context
      const configured = await settings.read(signal)
      if (configured.environments.length === 0) {
        const problem = nothingConfigured([...environments.keys()])
        if (!isWatching) throw problem
        log.warn({ field: problem.field }, `${problem.message}; watching until one is`)
      }
      return await runSamplingRound(
        { ...deps, environments, settings, clock, log, random, validatorHotkey: context.validatorHotkey },
        { workers, perMiner, limit, isWatching, progress },
        signal,
      )
    },
  },
)

function chosen(
  known: ReadonlyMap<string, Environment>,
  names: readonly string[],
): ReadonlyMap<string, Environment> {
  if (names.length === 0) return known
  const entries = names.map((name) => {
    const environment = known.get(name)
    if (environment !== undefined) return [name, environment] as const
    throw new InputError({
      field: 'environments',
      value: name,
      problem: 'is no environment',
      hint: `use some of ${[...known.keys()].join(', ')}`,
    })
  })
  return new Map(entries)
}

function nothingConfigured(names: readonly string[]): InputError {
  const [name = 'sat'] = names
  return new InputError({
    field: `environment.${name}`,
    problem: 'is not configured to be sampled, nor is any other environment',
    hint: `say which tasks: validator config set environment.${name} '{"samplingRange": [0, 500]}' --type json`,
  })
}
