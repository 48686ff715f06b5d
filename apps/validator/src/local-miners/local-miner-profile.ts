import type { TaskDraws } from '../environments/task-draws.ts'

/** What a local miner is like. */
export interface LocalMinerProfile {
  /** How many of an environment's tasks it solves, from 0 to 1, by the environment's name. */
  readonly skills: ReadonlyMap<string, number>
  /** Its share over all environments. */
  readonly skill: number
  /** Most answers take between half and double of it, in ms. */
  readonly typicalLatencyMs: number
  /** Share of tasks on which its server misbehaves, from 0 to 1. */
  readonly faultShare: number
}

/** What the miners of one start have in common. */
export interface ProfileOptions {
  readonly count: number
  readonly environments: readonly string[]
  readonly latencyMs: number
  /** Null: drawn for each miner. */
  readonly faultShare: number | null
}

/** Skill and speed are drawn in 10,000ths, so that every machine draws the same. */
const UNIT = 10_000
const LOWEST_SKILL = 2_000
const HIGHEST_SKILL = 9_800
const SKILL_SPREAD = 1_000
/** Every so many miners one has an unreliable server. */
const UNRELIABLE_EVERY = 6

/** Draws the profile of miner `index`: skills lie evenly between weak and strong, whatever their number. */
export function drawProfile(draws: TaskDraws, index: number, options: ProfileOptions): LocalMinerProfile {
  const { count, environments, latencyMs, faultShare } = options
  const step = count === 1 ? 0.75 : index / (count - 1)
  const base = Math.round(LOWEST_SKILL + (HIGHEST_SKILL - LOWEST_SKILL) * step)
  const skills = new Map(
    environments.map((name) => {
      const drawn = base + draws.between(-SKILL_SPREAD, SKILL_SPREAD)
      return [name, Math.min(UNIT, Math.max(0, drawn)) / UNIT]
    }),
  )
  const isUnreliable = index % UNRELIABLE_EVERY === UNRELIABLE_EVERY - 1
  return {
    skills,
    skill: [...skills.values()].reduce((sum, skill) => sum + skill, 0) / skills.size,
    typicalLatencyMs: (latencyMs * draws.between(UNIT / 2, 2 * UNIT)) / UNIT,
    faultShare: faultShare ?? (isUnreliable ? 0.15 : 0.01),
  }
}
