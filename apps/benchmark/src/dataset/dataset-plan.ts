import { Agenda } from './agenda.ts'
import type { Scene } from './background/scene.ts'
import { Schedules } from './background/schedules.ts'
import { Calendar } from './calendar.ts'
import type { DatasetOptions } from './dataset-options.ts'
import type { NetworkProfile } from './network-profile.ts'
import { networkProfile } from './network-profile.ts'
import type { PatternInstance } from './patterns/pattern-instance.ts'
import { planPatterns, plantPatterns } from './patterns/plan-patterns.ts'
import { PriceWalk } from './price-walk.ts'
import { Random } from './random/random.ts'
import { World, activePeople } from './world/world.ts'

/** All that is decided before the first transfer. Make a new one for each run through the stream: the agenda empties. */
export interface DatasetPlan {
  readonly options: DatasetOptions
  /** The text from which every stream of random numbers of this dataset is named. */
  readonly seed: string
  readonly profile: NetworkProfile
  readonly instances: readonly PatternInstance[]
  readonly scene: Scene
  readonly schedules: Schedules
}

/** Planted people do a little less of everything else, so that their totals do not stand out. */
const PLANTED_DAMPING = 0.8

/** Every draw depends on what follows, so that two datasets of one seed share nothing that could be compared. */
function rootSeed(options: DatasetOptions): string {
  const { network, date, windowDays, transfers, seed } = options
  return `subnetkit-dataset-2/${network}/${date}/${windowDays}/${transfers}/${seed}`
}

/** Builds the world and plants the patterns. Memory: about 200 bytes per account and per planted transfer. */
export function planDataset(options: DatasetOptions): DatasetPlan {
  const seed = rootSeed(options)
  const profile = networkProfile(options.network)
  const calendar = new Calendar(seed, Date.parse(`${options.date}T00:00:00Z`), options.windowDays)
  const prices = new PriceWalk(seed, calendar.startMs, calendar.days, profile.startPrice)
  const world = new World(seed, options.transfers)
  const ground = { seed, world, calendar, prices, blockMs: profile.blockMs }
  const instances = planPatterns(ground, options.transfers)
  const agenda = new Agenda(calendar)
  plantPatterns(agenda, instances)
  const damping = new Map<number, number>()
  for (const { members, silent } of instances)
    for (const account of members.keys()) damping.set(account, silent.has(account) ? 0 : PLANTED_DAMPING)
  const people = activePeople(world, damping)
  const scene = { world, calendar, prices, agenda, people, random: new Random(`${seed}/everyday`) }
  const schedules = new Schedules(seed, world, options.transfers, options.windowDays)
  return { options, seed, profile, instances, scene, schedules }
}
