import type { Contender } from './contenders.ts'
import { toNano } from './nano-units.ts'

/** Who stands where in comparisons of two, as bits per environment; built once, read for every subset. */
export interface SubsetField {
  /**
   * Who shares a subset: everyone complete in it, except those whom another one dominates. An earlier miner dominates a
   * later one that passes its threshold nowhere in the subset; a later one dominates an earlier one whose threshold it
   * passes everywhere. All comparisons count, also those won by a miner that is itself dominated.
   *
   * When they go round in a circle so that nobody is left, everyone stays but those to whom an earlier miner is at least
   * equal everywhere.
   */
  survivors(mask: number): readonly number[]
  /** Who first dominated a miner in the last subset in which it was dominated; null when it never was. */
  dominatorOf(place: number): number | null
}

/** Compares each two contenders once. `contenders` come in the order of arrival; memory is two numbers per pair. */
export function createSubsetField(contenders: readonly Contender[], tieMargin: number): SubsetField {
  const count = contenders.length
  const margin = toNano(tieMargin)
  // At [earlier * count + later]: where the later one is better, and where the earlier one is at least equal.
  const passed = new Uint32Array(count * count)
  const matched = new Uint32Array(count * count)
  for (const [earlier, first] of contenders.entries()) {
    for (let later = earlier + 1; later < count; later++) {
      const scores = contenders[later]?.scores ?? []
      let passedMask = 0
      let matchedMask = 0
      for (const [place, score] of scores.entries()) {
        if (score > (first.thresholds[place] ?? 0) + margin) passedMask |= 1 << place
        if ((first.scores[place] ?? 0) >= score) matchedMask |= 1 << place
      }
      passed[earlier * count + later] = passedMask
      matched[earlier * count + later] = matchedMask
    }
  }
  const valid = Uint32Array.from(contenders, ({ validMask }) => validMask)
  const dominators = new Int32Array(count).fill(-1)

  return {
    survivors(mask) {
      const members = complete(valid, mask)
      const isDominated = new Uint8Array(count)
      for (const [index, earlier] of members.entries()) {
        const row = earlier * count
        for (let next = index + 1; next < members.length; next++) {
          const later = members[next] ?? 0
          const wins = (passed[row + later] ?? 0) & mask
          if (wins === 0) {
            if (isDominated[later] === 0) dominators[later] = earlier
            isDominated[later] = 1
          } else if (wins === mask) {
            if (isDominated[earlier] === 0) dominators[earlier] = later
            isDominated[earlier] = 1
          }
        }
      }
      const left = members.filter((place) => isDominated[place] === 0)
      return left.length > 0 ? left : unmatched(members, mask, matched, count)
    },
    dominatorOf: (place) => {
      const dominator = dominators[place] ?? -1
      return dominator < 0 ? null : dominator
    },
  }
}

function complete(valid: Uint32Array, mask: number): readonly number[] {
  const members: number[] = []
  for (const [place, validMask] of valid.entries()) if ((validMask & mask) === mask) members.push(place)
  return members
}

function unmatched(
  members: readonly number[],
  mask: number,
  matched: Uint32Array,
  count: number,
): readonly number[] {
  return members.filter(
    (later, index) =>
      !members.slice(0, index).some((earlier) => ((matched[earlier * count + later] ?? 0) & mask) === mask),
  )
}
