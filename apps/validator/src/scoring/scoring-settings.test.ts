import type { ConfigValue, JsonValue } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { parseScoringSettings } from './scoring-settings.ts'

const known = new Map([
  ['sat', { name: 'sat', scoreRange: [0, 1] as const, taskCount: 500 }],
  ['sci', { name: 'sci', scoreRange: [-100, 100] as const, taskCount: 50 }],
])
const json = (value: JsonValue): ConfigValue => ({ type: 'json', value: JSON.parse(JSON.stringify(value)) })
const sat = json({ samplingRange: [0, 100] })

function parse(configured: Readonly<Record<string, ConfigValue>>): ReturnType<typeof parseScoringSettings> {
  return parseScoringSettings(new Map(Object.entries(configured)), known)
}

describe('parseScoringSettings', () => {
  it('takes the layers rule, no burn and the sampling range when nothing else is said', () => {
    const settings = parse({ 'environment.sat': sat, 'sampling.lease_ms': { type: 'integer', value: 5n } })
    expect(settings).toMatchObject({ burn: 0, rule: { name: 'layers', parameters: { maxLayers: 6 } } })
    expect(settings.environments).toEqual([
      {
        name: 'sat',
        scoreRange: [0, 1],
        scoringRange: [0, 100],
        fromGeneration: 1,
        toGeneration: 1,
        minCompleteness: 0.95,
      },
    ])
  })

  it('reads what is set, and leaves out environments that do not count', () => {
    const settings = parse({
      'environment.sci': json({
        samplingRange: [0, 50],
        scoringRange: [10, 20],
        generation: 4,
        countedFrom: 0,
        minCompleteness: 0.9,
      }),
      'environment.sat': json({ samplingRange: [0, 100], isScored: false }),
      'scoring.rule': { type: 'string', value: 'layers' },
      'scoring.layers': json({ maxLayers: 1 }),
      'scoring.burn': { type: 'number', value: 0.25 },
    })
    expect(settings).toMatchObject({ burn: 0.25, rule: { parameters: { maxLayers: 1, rankDecay: 0.5 } } })
    expect(settings.environments).toMatchObject([
      { name: 'sci', scoringRange: [10, 20], fromGeneration: 0, toGeneration: 4, minCompleteness: 0.9 },
    ])
  })

  it('takes a burn of a whole 1, however it was typed', () => {
    expect(parse({ 'environment.sat': sat, 'scoring.burn': { type: 'integer', value: 1n } }).burn).toBe(1)
  })

  it.each<readonly [Readonly<Record<string, ConfigValue>>, RegExp]>([
    [{}, /environment\.<name>: is not set .*validator config set environment\.sat/],
    [{ 'environment.chess': sat }, /environment\.chess: .*no environment has this name; use one of sat, sci/],
    [{ 'environment.sci': sat }, /environment\.sci: scoringRange: \[0,100\] goes beyond the last of 50/],
    [{ 'environment.sat': json({ samplingRange: [5, 5] }) }, /environment\.sat: samplingRange/],
    [
      { 'environment.sat': json({ samplingRange: [0, 5], countedFrom: 2 }) },
      /environment\.sat: countedFrom: 2 is above the generation 1/,
    ],
    [
      { 'environment.sat': { type: 'string', value: '{}' } },
      /environment\.sat: .*kept as string, not as json/,
    ],
    [
      { 'environment.sat': sat, 'scoring.rule': { type: 'string', value: 'elo' } },
      /scoring\.rule: "elo" is not a weight rule; use layers/,
    ],
    [{ 'environment.sat': sat, 'scoring.rule': json('layers') }, /scoring\.rule: .*--type string/],
    [{ 'environment.sat': sat, 'scoring.layers': json({ maxLayer: 1 }) }, /scoring\.layers: maxLayer/],
    [{ 'environment.sat': sat, 'scoring.burn': { type: 'number', value: 1.5 } }, /scoring\.burn: 1\.5/],
    [
      { 'environment.sat': sat, 'scoring.burn': { type: 'string', value: '0.1' } },
      /scoring\.burn: .*--type number/,
    ],
  ])('refuses %j', (configured, message) => {
    expect(() => parse(configured)).toThrow(expect.objectContaining({ name: 'InputError' }))
    expect(() => parse(configured)).toThrow(message)
  })
})
