import { InputError, netuidSchema, u16Schema, uint64Schema } from '@subnetkit/core'

import type { SubmitWeightsParams } from '../ports/chain.ts'

/**
 * Refuses what no transaction could carry: numbers that do not fit the bits that the chain gives them. What fits but is
 * wrong goes to the chain, which has names for it. @throws InputError
 */
export function checkVector({ netuid, vector, versionKey }: Omit<SubmitWeightsParams, 'mechanism'>): void {
  if (!netuidSchema.safeParse(netuid).success) {
    throw new InputError({
      field: 'netuid',
      value: Number.isFinite(netuid) ? netuid : String(netuid),
      problem: 'is no number of a subnet',
      hint: 'give a whole number from 0 to 65535',
    })
  }
  for (const field of ['uids', 'values'] as const) {
    const wrong = vector[field].find((value) => !u16Schema.safeParse(value).success)
    if (wrong === undefined) continue
    throw new InputError({
      field: `vector.${field}`,
      value: Number.isFinite(wrong) ? wrong : String(wrong),
      problem: 'holds what is no number of 16 bits',
      hint: 'give whole numbers from 0 to 65535',
    })
  }
  if (uint64Schema.safeParse(versionKey).success) return
  throw new InputError({
    field: 'versionKey',
    value: versionKey,
    problem: 'is no number of 64 bits',
    hint: 'give a whole number from 0 to 2^64 − 1',
  })
}
