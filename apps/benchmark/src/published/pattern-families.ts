import type { JudgedPattern, PlantedOutcome } from '@subnetkit/core'

/** How the patterns of one type went. */
export interface PatternFamily {
  /** Empty for reports whose type is none that anybody planted or could report. */
  readonly patternType: string
  readonly planted: number
  readonly found: number
  readonly missed: number
  /** Reports of this type that were not accepted. */
  readonly wrong: number
  /** Planted ones, the found ones first, each group by name. */
  readonly outcomes: readonly PlantedOutcome[]
}

const PATTERN_TYPE = /^[a-z][a-z0-9_]{0,63}$/

/**
 * Puts planted patterns and reports together by type, by name. A type that no pattern has and that is no plain word is
 * somebody's text: those reports share the family without a name, which comes last.
 */
export function groupFamilies(
  planted: readonly PlantedOutcome[],
  judged: readonly Pick<JudgedPattern, 'patternType' | 'isAccepted'>[],
): readonly PatternFamily[] {
  const families = new Map<string, { outcomes: PlantedOutcome[]; wrong: number }>()
  const familyOf = (patternType: string): { outcomes: PlantedOutcome[]; wrong: number } => {
    const known = families.get(patternType)
    if (known !== undefined) return known
    const made = { outcomes: [], wrong: 0 }
    families.set(patternType, made)
    return made
  }
  for (const outcome of planted) familyOf(outcome.patternType).outcomes.push(outcome)
  for (const { isAccepted, patternType } of judged) {
    if (!isAccepted) familyOf(PATTERN_TYPE.test(patternType) ? patternType : '').wrong += 1
  }
  return [...families]
    .map(([patternType, { outcomes, wrong }]) => {
      const found = outcomes.filter(({ isFound }) => isFound)
      const missed = outcomes.filter(({ isFound }) => !isFound)
      return {
        patternType,
        planted: outcomes.length,
        found: found.length,
        missed: missed.length,
        wrong,
        outcomes: [...found.toSorted(byName), ...missed.toSorted(byName)],
      }
    })
    .toSorted((a, b) => Number(a.patternType === '') - Number(b.patternType === '') || byType(a, b))
}

function byName(a: PlantedOutcome, b: PlantedOutcome): number {
  return a.plantedPattern < b.plantedPattern ? -1 : 1
}

function byType(a: { readonly patternType: string }, b: { readonly patternType: string }): number {
  return a.patternType < b.patternType ? -1 : 1
}
