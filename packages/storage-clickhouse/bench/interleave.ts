/** One way of doing the work, measured against the others. */
export interface Contender {
  readonly name: string
  run(): Promise<void>
}

/** Milliseconds of one contender over all rounds. */
export interface Measurement {
  readonly name: string
  readonly median: number
  readonly min: number
  readonly max: number
}

/**
 * Runs all contenders round by round, so that a busy minute of the machine falls on all of them; the first round warms
 * up and is dropped. Garbage is collected before each run where the process allows it.
 */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Measurement[]> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run } of contenders) {
      globalThis.gc?.()
      const started = performance.now()
      await run()
      if (round > 0) times.get(name)?.push(performance.now() - started)
    }
  }
  return [...times].map(([name, list]) => {
    const sorted = list.toSorted((a, b) => a - b)
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
    return { name, median: at(0.5), min: at(0), max: at(1) }
  })
}

/** A table for people: each median with its range, its rate, and its ratio to the first contender. */
export function formatTable(title: string, rows: number, measurements: readonly Measurement[]): string {
  const [base] = measurements
  const lines = measurements.map(({ name, median, min, max }) => {
    const ratio = base === undefined ? Number.NaN : median / base.median
    const range = `${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)})`
    return `| ${name} | ${range} | ${(rows / median).toFixed(0)} | ${ratio.toFixed(2)} |`
  })
  return [
    `${title}, ${rows} rows`,
    '',
    '| Path | ms, median (min–max) | k rows/s | ÷ first |',
    '|---|---|---|---|',
    ...lines,
  ].join('\n')
}
