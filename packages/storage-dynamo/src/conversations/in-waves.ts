/** Works on all members, at most `width` at a time; results are in their order. The first failure ends it. */
export async function inWaves<T, Result>(
  members: readonly T[],
  width: number,
  work: (member: T) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let from = 0; from < members.length; from += width) {
    results.push(...(await Promise.all(members.slice(from, from + width).map(work))))
  }
  return results
}
