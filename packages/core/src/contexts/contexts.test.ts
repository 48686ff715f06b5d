import { describe, expect, it } from 'vitest'
import type { z } from 'zod'

import * as aml from './aml-contexts.ts'
import { baseContextSchema } from './base-context.ts'
import * as benchmark from './benchmark-contexts.ts'
import * as validator from './validator-contexts.ts'

const base = { network: 'torus', windowDays: 30, processingDate: '2025-08-01' }
const hotkey = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const epochId = '6f8a1c70-3e6a-4a55-9d15-0d8a3c1f2b4e'
const onSubnet = { ...base, netuid: 18, validatorHotkey: hotkey }
const sampling = { ...onSubnet, environment: 'affine:ded-v2' }
const miner = { imageType: 'analytics', hotkey }
const submission = { ...miner, repository: 'https://github.com/a/b', commit: 'a'.repeat(40) }
const run = {
  epochId,
  ...miner,
  testDate: '2025-08-02',
  network: 'torus',
  windowDays: 30,
  runOrder: 0,
  processingDate: '2025-08-01',
}

const contexts: [string, z.ZodType, Record<string, unknown>][] = [
  ['base', baseContextSchema, base],
  [
    'aml ingest',
    aml.amlIngestContextSchema,
    { ...base, source: './in', transferFile: null, labelsSource: null, isForced: false },
  ],
  ['aml detect', aml.amlDetectContextSchema, { ...base, isForced: true }],
  ['aml score', aml.amlScoreContextSchema, { ...base, isForced: false }],
  [
    'aml run',
    aml.amlRunContextSchema,
    {
      ...base,
      source: 'x',
      transferFile: {
        columnMap: { fromAddress: 'a' },
        timestampUnit: 'day',
        dayZero: '2025-01-01',
        amounts: 'drop',
      },
      labelsSource: 'l.csv',
      isForced: false,
    },
  ],
  ['benchmark miner', benchmark.benchmarkMinerContextSchema, miner],
  ['benchmark submission', benchmark.benchmarkSubmissionContextSchema, submission],
  ['benchmark dataset', benchmark.benchmarkDatasetContextSchema, { ...base, tournamentId: null }],
  ['benchmark run', benchmark.benchmarkRunContextSchema, run],
  ['benchmark epoch', benchmark.benchmarkEpochContextSchema, { epochId }],
  ['benchmark day', benchmark.benchmarkDayContextSchema, { imageType: 'ml', testDate: '2025-08-02' }],
  ['validator', validator.validatorContextSchema, onSubnet],
  [
    'validator config',
    validator.validatorConfigContextSchema,
    { ...onSubnet, keys: ['sampling.batch_size'] },
  ],
  ['sampling', validator.samplingContextSchema, sampling],
  [
    'sample',
    validator.sampleContextSchema,
    { ...sampling, minerHotkey: hotkey, modelRevision: 'abc123', generation: 1, taskId: 0 },
  ],
]

describe.each(contexts)('%s context', (_name, schema, context) => {
  it('survives JSON', () => {
    expect(schema.parse(JSON.parse(JSON.stringify(schema.parse(context))))).toEqual(context)
  })

  it('refuses an unknown key and needs each known one', () => {
    expect(schema.safeParse({ ...context, fail_on_missing: true }).success).toBe(false)
    for (const key of Object.keys(context)) {
      const rest = Object.fromEntries(Object.entries(context).filter(([name]) => name !== key))
      expect({ without: key, accepted: schema.safeParse(rest).success }).toEqual({
        without: key,
        accepted: false,
      })
    }
  })
})

describe('fields', () => {
  it.each([
    ['network', ['Torus', '', 'torus-1', 'x; DROP', 'a'.repeat(33), 1, null]],
    ['windowDays', [0, -1, 1.5, 3651, '30', Number.NaN, null]],
    [
      'processingDate',
      ['2025-02-29', '2025-13-01', '2025-8-1', '01-08-2025', '', '2025-08-01T00:00:00Z', 20250801],
    ],
  ])('refuses bad values of %s', (field, values) => {
    for (const value of values)
      expect(baseContextSchema.safeParse({ ...base, [field]: value }).success).toBe(false)
  })

  it('takes a leap day that exists', () => {
    expect(baseContextSchema.safeParse({ ...base, processingDate: '2024-02-29' }).success).toBe(true)
  })

  it.each([
    ['runOrder', [-1, 65_536, 0.5, '0', null]],
    ['testDate', ['', '2025-02-30', 'today', '2025-08-02T00:00:00Z']],
    ['imageType', ['both', 'ML', null]],
    ['hotkey', ['', 'a b', 'a'.repeat(65), '5G/..']],
    ['epochId', ['', '1', 'not-a-uuid', '6F8A1C70-3E6A-4A55-9D15-0D8A3C1F2B4E']],
  ])('refuses bad values of %s', (field, values) => {
    for (const value of values) {
      expect({
        value,
        accepted: benchmark.benchmarkRunContextSchema.safeParse({ ...run, [field]: value }).success,
      }).toEqual({
        value,
        accepted: false,
      })
    }
  })

  it.each([
    'http://github.com/a/b',
    'git@github.com:a/b',
    'https://token@github.com/a/b',
    'ftp://github.com/a/b',
    'github.com/a/b',
    '--upload-pack=x',
  ])('refuses the repository %s', (repository) => {
    const context = { ...submission, repository }
    expect(benchmark.benchmarkSubmissionContextSchema.safeParse(context).success).toBe(false)
  })

  it.each(['main', 'HEAD', 'a'.repeat(39), 'A'.repeat(40), '--upload-pack=x', '', null])(
    'refuses the commit %s, which pins nothing',
    (commit) => {
      const context = { ...submission, commit }
      expect(benchmark.benchmarkSubmissionContextSchema.safeParse(context).success).toBe(false)
    },
  )

  it('carries neither a seed nor a path', () => {
    for (const stray of [{ datasetSeed: 'x' }, { snapshotFolder: '/data' }, { minerDatabase: 'x' }]) {
      expect(benchmark.benchmarkRunContextSchema.safeParse({ ...run, ...stray }).success).toBe(false)
    }
  })

  it('does not load what only our detectors make', () => {
    const context = { ...base, source: 'x', kind: 'detected', labelsSource: null, isForced: false }
    expect(aml.amlIngestContextSchema.safeParse(context).success).toBe(false)
  })
})
