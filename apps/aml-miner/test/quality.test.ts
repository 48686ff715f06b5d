import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { amlSimSample } from './fixtures/aml-sim-sample.ts'
import { generatedWorld } from './fixtures/generated-world.ts'
import { judgedDetection } from './fixtures/judged-detection.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const sampleData = process.env['SUBNETKIT_SAMPLE_DATA'] ?? ''
const SLOW_MS = 300_000

/** Worlds that nobody has tuned to: each commit is judged on seeds of its own. */
function seedsOfThisCommit(): readonly string[] {
  const hash = commitHash()
  return [0, 8, 16].map((start) => hash.slice(start, start + 8))
}

function commitHash(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return '5ab4e70c91d2f6837be0c4a1'
  }
}

const worlds = isSoak
  ? seedsOfThisCommit().map((seed) => ({ seed, transfers: 100_000 }))
  : [{ seed: 'quality', transfers: 30_000 }]

describe('quality of detection on generated worlds', () => {
  it.each(worlds)(
    'ranks planted accounts first and misses few: seed $seed, $transfers transfers',
    async ({ seed, transfers }) => {
      const { input, truth } = await generatedWorld(seed, transfers)
      const found = await judgedDetection(input, truth)
      process.stdout.write(`\nquality ${seed}: ${JSON.stringify(found)}\n`)
      // A world of 30,000 has fewer than a hundred accounts that any of the detectors is made for.
      expect(found.precisionAt50).toBeGreaterThanOrEqual(isSoak ? 0.9 : 0.8)
      // No detector is made for nested services, dormant wallets, rug pulls and sybil networks; seeds gave 0.68 to 0.81.
      expect(found.recall).toBeGreaterThanOrEqual(0.6)
      expect(found.alerts).toBeLessThanOrEqual(3.5 * found.positives)
    },
    SLOW_MS,
  )
})

/** Rescaled amounts tell as little as none: the full sizes judge them too. */
const withheld = isSoak ? (['dropped', 'rescaled'] as const) : (['dropped'] as const)

describe.skipIf(!existsSync(sampleData))('quality of detection on AMLSim [needs sample-data]', () => {
  it.each(withheld)(
    'beats the best single column with amounts %s',
    async (amounts) => {
      const { accounts, input, truth } = amlSimSample(sampleData, amounts)
      const found = await judgedDetection(input, truth, accounts)
      process.stdout.write(
        `\nAMLSim, amounts ${amounts}: AUC ${found.auc?.toFixed(4)}, precision at 100 ${found.accountPrecisionAt100}; plain confidence: AUC ${found.confidenceAuc?.toFixed(4)}, precision at 100 ${found.confidencePrecisionAt100}\n`,
      )
      expect(found.auc).toBeGreaterThan(0.85)
      expect(found.accountPrecisionAt100).toBeGreaterThanOrEqual(0.95)
    },
    SLOW_MS,
  )
})
