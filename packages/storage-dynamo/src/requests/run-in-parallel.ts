/**
 * Runs `step` on every member, at most `atOnce` at a time, and gives the results in order. When steps fail, no new one
 * is begun, those under way are waited for, and the first failure is thrown: nothing goes on behind the caller's back.
 */
export async function runInParallel<Member, Result>(
  members: readonly Member[],
  atOnce: number,
  step: (member: Member) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>()
  const failures: unknown[] = []
  const queue = members.entries()
  const work = async (): Promise<void> => {
    for (const [index, member] of queue) {
      try {
        results.set(index, await step(member))
      } catch (error) {
        failures.push(error)
      }
      if (failures.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, members.length) }, work))
  if (failures.length > 0) throw failures[0]
  return [...results].sort(([left], [right]) => left - right).map(([, result]) => result)
}
