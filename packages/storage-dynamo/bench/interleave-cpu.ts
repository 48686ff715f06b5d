/** One way of doing the work, measured against the others. */
export interface CpuContender {
  readonly name: string
  /** Makes ready what a round needs; not measured. */
  prepare?(round: number): Promise<void> | void
  run(round: number): Promise<void>
}

/** CPU of this process (all its threads) in milliseconds, and the median of the time on the clock. */
export interface CpuMeasurement {
  readonly name: string
  readonly median: number
  readonly min: number
  readonly max: number
  readonly clockMs: number
}

/**
 * Runs all contenders round by round, so that a busy minute of the machine falls on all of them; the first round warms
 * up and is dropped. Garbage is collected before each run where the process allows it.
 */
export async function interleaveCpu(
  contenders: readonly CpuContender[],
  rounds: number,
): Promise<readonly CpuMeasurement[]> {
  const runs = new Map<string, { cpu: number; clock: number }[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      await contender.prepare?.(round)
      globalThis.gc?.()
      const [before, started] = [process.cpuUsage(), performance.now()]
      await contender.run(round)
      const { user, system } = process.cpuUsage(before)
      const run = { cpu: (user + system) / 1000, clock: performance.now() - started }
      if (round > 0) runs.get(contender.name)?.push(run)
    }
  }
  return [...runs].map(([name, list]) => {
    const cpu = list.map((run) => run.cpu).sort((a, b) => a - b)
    const clock = list.map((run) => run.clock).sort((a, b) => a - b)
    const at = (sorted: readonly number[], share: number): number =>
      sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
    return { name, median: at(cpu, 0.5), min: at(cpu, 0), max: at(cpu, 1), clockMs: at(clock, 0.5) }
  })
}
