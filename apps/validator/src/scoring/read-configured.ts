import type { CallOptions, ConfigValue, SystemConfigRepository } from '@subnetkit/core'

import { allItems } from '../all-items.ts'

/** The current value of every configuration key. */
export async function readConfigured(
  systemConfig: Pick<SystemConfigRepository, 'list'>,
  options?: CallOptions,
): Promise<ReadonlyMap<string, ConfigValue>> {
  const configured = new Map<string, ConfigValue>()
  const items = allItems((page) => systemConfig.list(page, options))
  for await (const { key, setting } of items) configured.set(key, setting)
  return configured
}
