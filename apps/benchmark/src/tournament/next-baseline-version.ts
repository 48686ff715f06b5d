const VERSION = /^v(\d+)\.(\d+)\.(\d+)$/

function partsOf(version: string): readonly [number, number] {
  const match = VERSION.exec(version)
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)]
}

/** The next minor version after the highest of those there are, whatever became of them; `v1.0.0` is the first. */
export function nextBaselineVersion(versions: readonly string[]): string {
  const [highest] = versions.map(partsOf).toSorted(([a, b], [c, d]) => c - a || d - b)
  return highest === undefined ? 'v1.0.0' : `v${highest[0]}.${highest[1] + 1}.0`
}
