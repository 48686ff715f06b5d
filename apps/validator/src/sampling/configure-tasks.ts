import {
  type CallOptions,
  type ConfigValue,
  isStorageError,
  type SystemConfigRepository,
} from '@subnetkit/core'

import { environmentKey } from './environment-settings.ts'

/** Which environments are to be sampled on how many tasks. */
export interface ConfigureTasksParams {
  readonly systemConfig: Pick<SystemConfigRepository, 'find' | 'put'>
  readonly names: readonly string[]
  /** Tasks 0 up to it. */
  readonly tasks: number
  readonly updatedBy: string
  readonly now: Date
}

/** Gives settings to environments that have none; those that a person has set stay as they are. */
export async function configureTasks(params: ConfigureTasksParams, options?: CallOptions): Promise<void> {
  const { systemConfig, names, tasks, updatedBy, now } = params
  for (const name of names) {
    const key = environmentKey(name)
    if ((await systemConfig.find({ key }, options)) !== null) continue
    const setting: ConfigValue = { type: 'json', value: { samplingRange: [0, tasks] } }
    try {
      await systemConfig.put({ key, setting, expectedVersion: 0, updatedBy, now }, options)
    } catch (error) {
      // Another process was faster.
      if (!isStorageError(error, 'conflict')) throw error
    }
  }
}
