import { addressSchema, isInnocentRole, parseInput } from '@subnetkit/core'
import { z } from 'zod'

/** One planted pattern of the truth that the miner does not see. */
export interface PlantedPattern {
  readonly id: string
  readonly patternType: string
  readonly addresses: readonly string[]
}

/** The truth of one dataset, as validation needs it. */
export interface PlantedTruth {
  /** By id. */
  readonly patterns: readonly PlantedPattern[]
  /** Addresses that a risk score should be high for: whoever takes part and is neither victim nor bystander. */
  readonly culprits: ReadonlySet<string>
}

/** What is read of a row of `ground_truth`; its other columns are left alone. */
const truthRowSchema = z.object({
  address: addressSchema,
  role: z.string().min(1),
  pattern_type: z.string().min(1),
  pattern_instance_id: z.string().min(1),
})

/**
 * Gathers the rows of `ground_truth` into patterns.
 *
 * @throws InputError when a column is missing or a value does not fit; it names the row.
 */
export function readPlantedTruth(rows: Iterable<unknown>): PlantedTruth {
  const patterns = new Map<string, { patternType: string; addresses: Set<string> }>()
  const culprits = new Set<string>()
  let number = 0
  for (const row of rows) {
    number += 1
    const fact = parseInput(truthRowSchema, row, { subject: `ground_truth: row ${number}` })
    const pattern = patterns.get(fact.pattern_instance_id) ?? {
      patternType: fact.pattern_type,
      addresses: new Set<string>(),
    }
    patterns.set(fact.pattern_instance_id, pattern)
    pattern.addresses.add(fact.address)
    if (!isInnocentRole(fact.role)) culprits.add(fact.address)
  }
  return {
    patterns: [...patterns]
      .map(([id, { patternType, addresses }]) => ({ id, patternType, addresses: [...addresses].sort() }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    culprits,
  }
}
