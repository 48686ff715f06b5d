/** A submission of a contest, with what its files are. */
export interface EnteredTree {
  readonly hotkey: string
  /** The one to beat is nobody's copy. */
  readonly isBaseline: boolean
  /** Names the files: equal for equal files, whoever committed them. */
  readonly treeSha256: string
  /** When its hotkey entered these very files for the first time, here or in an earlier contest. */
  readonly enteredAt: Date
  /** In this contest, unique; decides between two of the same moment. */
  readonly registrationOrder: number
}

/** A submission whose files another entered before. */
export interface Copy {
  readonly hotkey: string
  readonly original: string
}

/**
 * Which submissions are copies: among those with the same files, all but the one whose hotkey entered them first. Without
 * that, a copy earns what its original earns, and wins where the clock favours it. The order of the argument does not matter.
 */
export function findCopies(entered: readonly EnteredTree[]): readonly Copy[] {
  const originals = new Map<string, EnteredTree>()
  const copies: Copy[] = []
  for (const one of entered.toSorted(earliestFirst)) {
    const original = originals.get(one.treeSha256)
    if (original === undefined) originals.set(one.treeSha256, one)
    else if (!one.isBaseline) copies.push({ hotkey: one.hotkey, original: original.hotkey })
  }
  return copies
}

function earliestFirst(a: EnteredTree, b: EnteredTree): number {
  return a.enteredAt.getTime() - b.enteredAt.getTime() || a.registrationOrder - b.registrationOrder
}
