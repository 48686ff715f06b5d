import type { PlantedPattern } from '../src/validation/planted-truth.ts'

/** What the earlier systems paid, so that tests can show what a cheat earned there. None of this is used to pay anybody. */

/** A run as the first benchmark stored it: the checks of a run that never ran were true. */
export interface OldRun {
  readonly recall: number
  readonly isCompleted: boolean
  readonly isDataCorrect: boolean
  /** Validated of reported patterns, 1 where none is reported. */
  readonly validShare: number
  readonly seconds: number
}

/** A planted pattern was found when one report held 80 % of its addresses, whatever else it held. */
export function oldRecall(
  reports: readonly (readonly string[])[],
  patterns: readonly PlantedPattern[],
): number {
  const sets = reports.map((addresses) => new Set(addresses))
  const found = patterns.filter(({ addresses }) =>
    sets.some((set) => addresses.filter((address) => set.has(address)).length >= 0.8 * addresses.length),
  )
  return found.length / patterns.length
}

/** 0.50 recall + 0.30 valid share + 0.20 speed over all runs of an epoch, behind two gates. */
export function oldEpochScore(runs: readonly OldRun[], baselineSeconds: number): number {
  if (runs.some(({ isDataCorrect, seconds }) => !isDataCorrect || seconds > 3_600)) return 0
  const mean = (valueOf: (run: OldRun) => number): number =>
    runs.reduce((sum, run) => sum + valueOf(run), 0) / runs.length
  const speed = Math.min(baselineSeconds / mean(({ seconds }) => seconds), 1)
  return 0.5 * mean(({ recall }) => recall) + 0.3 * mean(({ validShare }) => validShare) + 0.2 * speed
}

/** In tournaments only completed runs counted, and correctness was 1. */
export function oldTournamentScore(runs: readonly OldRun[], baselineSeconds: number): number {
  const completed = runs.filter(({ isCompleted }) => isCompleted).map((run) => ({ ...run, validShare: 1 }))
  return completed.length === 0 ? 0 : oldEpochScore(completed, baselineSeconds)
}

/** The successor: 0.25 speed of features + 0.50 planted addresses seen + 0.25 of anything else that is valid. */
export function oldSuccessorScore(
  reports: readonly (readonly string[])[],
  patterns: readonly PlantedPattern[],
  featureSeconds: number,
): number {
  const planted = new Set(patterns.flatMap(({ addresses }) => addresses))
  const seen = new Set(reports.flat().filter((address) => planted.has(address)))
  const novelties = reports.filter((addresses) => addresses.every((address) => !planted.has(address))).length
  const speed = 30 / (30 + featureSeconds)
  if (seen.size + novelties === 0) return 0.25 * speed
  const cap = Math.floor(planted.size / 2)
  return 0.25 * speed + (0.5 * seen.size) / planted.size + (0.25 * Math.min(novelties, cap)) / cap
}

/** The area under the curve over the submitted accounts only; with one class among them 0.5. */
export function oldArea(
  scores: readonly (readonly [string, number])[],
  culprits: ReadonlySet<string>,
): number {
  const good = scores.filter(([address]) => culprits.has(address))
  const rest = scores.filter(([address]) => !culprits.has(address))
  if (good.length === 0 || rest.length === 0) return 0.5
  const pairs = good.flatMap(([, one]) =>
    rest.map(([, other]) => (one > other ? 1 : one === other ? 0.5 : 0)),
  )
  return pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length
}
