import { describe, expect, it } from 'vitest'

import { readConfig } from './config.ts'

describe('readConfig', () => {
  it('has limits that a detector fits in, no key and no seed, when nothing is set', () => {
    expect(readConfig({}, '/srv')).toMatchObject({
      dataDir: '/srv/.subnetkit',
      redisUrl: null,
      isSingleWriter: false,
      reviewer: null,
      registrationApiKey: null,
      concurrency: 1,
      runAttempts: 1,
      limits: { memoryBytes: 2_147_483_648, pids: 256, cpus: 2, timeLimitMs: 3_600_000 },
      standalone: { datasetSeed: null, ruleSet: 'epoch' },
    })
    expect(readConfig({ REDIS_URL: '', BENCHMARK_PIDS: '' }, '/srv')).toEqual({
      ...readConfig({}, '/srv'),
      environment: { REDIS_URL: '', BENCHMARK_PIDS: '' },
    })
  })

  it('reads sizes and times', () => {
    const { limits } = readConfig(
      { BENCHMARK_MEMORY_LIMIT: '512m', BENCHMARK_TMP_LIMIT: '4096', BENCHMARK_MAX_EXECUTION_TIME: '1.5' },
      '/srv',
    )
    expect(limits).toMatchObject({ memoryBytes: 536_870_912, tmpBytes: 4_096, timeLimitMs: 1_500 })
  })

  it.each([
    ['BENCHMARK_MEMORY_LIMIT', '2 gigabytes'],
    ['BENCHMARK_MEMORY_LIMIT', '0'],
    ['BENCHMARK_CPUS', 'many'],
    ['BENCHMARK_PIDS', '-1'],
    ['BENCHMARK_RUN_ATTEMPTS', '0'],
    ['BENCHMARK_SINGLE_WRITER', 'yes'],
    ['BENCHMARK_RULE_SET', 'No Such'],
    ['REGISTRATION_API_KEY', 'short'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => readConfig({ [name]: value }, '/srv')).toThrow(new RegExp(`^${name}: `))
  })

  it('never shows a key that it refuses', () => {
    expect(() => readConfig({ REGISTRATION_API_KEY: 'tiny-secret' }, '/srv')).toThrow(/^(?!.*tiny-secret)/)
  })
})
