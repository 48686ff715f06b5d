import type { Clock } from '@subnetkit/core'

import { createHttpMinerClient } from './adapters/http-miner-client.ts'
import { createQuickjsSandbox } from './adapters/quickjs-sandbox.ts'
import type { Config } from './config.ts'
import { createEnvironments, type Environments } from './environments/create-environments.ts'
import type { Environment } from './ports/environment.ts'
import type { MinerClient } from './ports/miner-client.ts'

/** What asking miners and judging answers takes; close it at the end. */
export interface SamplingParts extends AsyncDisposable {
  /** Every environment that there is, by name. */
  readonly environments: ReadonlyMap<string, Environment>
  readonly minerClient: MinerClient
}

/** The environments as this validator makes them: with its secret, in a sandbox of this process. */
export function composeEnvironments(config: Pick<Config, 'taskSecret'>): Environments {
  return createEnvironments({ sandbox: createQuickjsSandbox(), secret: config.taskSecret })
}

/** Puts the environments and the way to miners together. Nothing is sent or started before the first task. */
export function composeSampling(
  config: Pick<Config, 'taskSecret'>,
  options: Readonly<{ clock: Clock; allowPrivate: boolean }>,
): SamplingParts {
  const environments = composeEnvironments(config)
  const minerClient = createHttpMinerClient(options)
  return {
    environments: new Map(environments.all.map((environment) => [environment.name, environment])),
    minerClient,
    [Symbol.asyncDispose]: async () => {
      await minerClient.close()
      await environments.close()
    },
  }
}
