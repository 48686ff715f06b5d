import { InputError } from '@subnetkit/core'
import type { z } from 'zod'

import { pathwaysParametersSchema, type PathwaysParameters } from './pathways-parameters.ts'

type Given = z.input<typeof pathwaysParametersSchema>

const weatherOnly: Given = {
  tasks: [{ name: 'weather', weight: 1 }],
  raw: 'sum',
  clusters: { kind: 'off' },
  zeroIsAbsent: true,
  legacyUid0Bug: true,
  uniformity: { kind: 'rank', ties: 'uid' },
}

const presets: Readonly<Record<string, Given>> = {
  /** Defects fixed. */
  corrected: {},
  /** Three tasks, July 2025, as it ran: clusters never applied, zero is absent, sparse tasks rank at 50. */
  'plan-era': {
    clusters: { kind: 'off' },
    sparsePercentile: 50,
    zeroIsAbsent: true,
    legacyUid0Bug: true,
    negativeScores: 'count',
    uniformity: { kind: 'rank', ties: 'uid' },
  },
  /** One task, August to November 2025. */
  'weather-only': weatherOnly,
  /** One task, from 24 November 2025: midpoint of unique values, contrast instead of ranks. */
  contrast: { ...weatherOnly, curve: { midpointOf: 'unique' }, uniformity: { kind: 'contrast' } },
}

const presetNames: readonly string[] = Object.keys(presets)

/** The parameters of a named rule of the past, or of `corrected`, the one to use. @throws InputError for another name. */
export function pathwaysPreset(name: string): PathwaysParameters {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (preset === undefined) {
    throw new InputError({
      field: 'preset',
      value: name,
      problem: 'is not known',
      hint: `use one of ${presetNames.join(', ')}`,
    })
  }
  return pathwaysParametersSchema.parse(preset)
}
