/** Calls that wait for a store at once: enough to keep it busy, few enough for an embedded one. */
const AT_ONCE = 32

/** Takes a step for each member, some at once; the first failure is thrown when nothing is under way any more. */
export async function inWaves<Member>(
  members: readonly Member[],
  step: (member: Member, at: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < members.length; from += AT_ONCE) {
    const wave = members.slice(from, from + AT_ONCE)
    const outcomes = await Promise.allSettled(wave.map((member, at) => step(member, from + at)))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}
