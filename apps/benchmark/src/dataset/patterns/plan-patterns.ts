import type { Agenda } from '../agenda.ts'
import type { Calendar } from '../calendar.ts'
import type { PriceWalk } from '../price-walk.ts'
import { Random } from '../random/random.ts'
import type { World } from '../world/world.ts'
import { draftCycle, draftLayering, draftPeelChain, draftWashTrading } from './chains.ts'
import { draftDormantActivation } from './dormant-activation.ts'
import { draftNestedServices } from './nested-services.ts'
import { PatternDraft } from './pattern-draft.ts'
import type { PatternInstance, PatternType, PlannedTransfer } from './pattern-instance.ts'
import { draftProximityRisk } from './proximity-risk.ts'
import { Recruiter } from './recruiter.ts'
import { draftRugPull } from './rug-pull.ts'
import { draftBurst, draftFanIn, draftFanOut, draftSmurfing, draftThresholdEvasion } from './stars.ts'
import { draftSybilNetwork } from './sybil-network.ts'

/** A way of planting: the shape names the instance; `share` is how many of a deck it fills. */
interface PatternFamily {
  readonly shape: string
  readonly patternType: PatternType
  readonly share: number
  readonly draft: (draft: PatternDraft) => void
}

const families: readonly PatternFamily[] = [
  { shape: 'cycle', patternType: 'cycle', share: 12, draft: draftCycle },
  { shape: 'layering_path', patternType: 'layering_path', share: 10, draft: draftLayering },
  { shape: 'peel_chain', patternType: 'layering_path', share: 6, draft: draftPeelChain },
  { shape: 'smurfing_network', patternType: 'smurfing_network', share: 5, draft: draftSmurfing },
  { shape: 'motif_fanin', patternType: 'motif_fanin', share: 4, draft: draftFanIn },
  { shape: 'motif_fanout', patternType: 'motif_fanout', share: 4, draft: draftFanOut },
  { shape: 'threshold_evasion', patternType: 'threshold_evasion', share: 9, draft: draftThresholdEvasion },
  { shape: 'temporal_burst', patternType: 'temporal_burst', share: 5, draft: draftBurst },
  { shape: 'wash_trading', patternType: 'wash_trading', share: 8, draft: draftWashTrading },
  { shape: 'nested_services', patternType: 'nested_services', share: 4, draft: draftNestedServices },
  { shape: 'dormant_activation', patternType: 'dormant_activation', share: 6, draft: draftDormantActivation },
  { shape: 'rug_pull', patternType: 'rug_pull', share: 3, draft: draftRugPull },
  { shape: 'proximity_risk', patternType: 'proximity_risk', share: 5, draft: draftProximityRisk },
  { shape: 'sybil_network', patternType: 'sybil_network', share: 3, draft: draftSybilNetwork },
]

const START_TRIES = 12

/**
 * How many patterns a stream of this length carries: 60 per 100,000 transfers. Small streams have relatively more, so
 * that from 12,000 transfers on each shape occurs.
 */
function patternCount(transfers: number): number {
  const some = Math.min(families.length, 2 + Math.floor(transfers / 1_000))
  return Math.max(Math.round((transfers * 60) / 100_000), some)
}

/** Which family each instance belongs to: every shape once, then decks in the shares above, shuffled. */
function dealFamilies(random: Random, count: number): PatternFamily[] {
  const dealt: PatternFamily[] = []
  let deck: PatternFamily[] = [...families]
  while (dealt.length < count) {
    for (let left = deck.length; left > 0 && dealt.length < count; left--) {
      const [card] = deck.splice(random.below(left), 1)
      if (card !== undefined) dealt.push(card)
    }
    deck = families.flatMap((family) => Array.from({ length: family.share }, () => family))
  }
  return dealt
}

/** What patterns are planted into. */
export interface PlantingGround {
  readonly seed: string
  readonly world: World
  readonly calendar: Calendar
  readonly prices: PriceWalk
  readonly blockMs: number
}

/** Plans every pattern of a dataset. Each has a stream of random numbers of its own. */
export function planPatterns(ground: PlantingGround, transfers: number): PatternInstance[] {
  const recruiter = new Recruiter(ground.world)
  const random = new Random(`${ground.seed}/patterns`)
  return dealFamilies(random, patternCount(transfers)).map((family, index) => {
    const id = `${family.shape}-${String(index + 1).padStart(5, '0')}`
    const draft = draftWithinWindow(ground, recruiter, family, new Random(`${ground.seed}/pattern/${index}`))
    return {
      id,
      shape: family.shape,
      patternType: family.patternType,
      members: draft.members,
      transfers: fitIntoWindow(draft.transfers, ground.calendar),
      surroundings: draft.surroundings,
      silent: draft.silent,
      flag: draft.patternFlag,
    }
  })
}

/** Drafts from a random start, and again from an earlier one while the story ends after the window. */
function draftWithinWindow(
  ground: PlantingGround,
  recruiter: Recruiter,
  family: PatternFamily,
  random: Random,
): PatternDraft {
  const { calendar, world } = ground
  const exchange = world.any(random, 'hot_wallet')
  for (let tries = 1; ; tries++) {
    const latest = 1 - tries / (START_TRIES + 1)
    const offset = (calendar.endMs - calendar.startMs) * random.range(0.005, Math.max(0.01, latest))
    const draft = new PatternDraft(
      { ...ground, random, recruiter, exchange },
      calendar.startMs + Math.floor(offset),
    )
    family.draft(draft)
    const fits = draft.transfers.every((transfer) => transfer.timeMs < calendar.endMs)
    if (fits || tries === START_TRIES) return draft
    recruiter.release(draft.members.keys())
  }
}

/** Presses a story that is longer than a very short window into it, keeping its order. */
function fitIntoWindow(
  transfers: readonly PlannedTransfer[],
  calendar: Calendar,
): readonly PlannedTransfer[] {
  let first = calendar.endMs
  let last = 0
  for (const { timeMs } of transfers) {
    first = Math.min(first, timeMs)
    last = Math.max(last, timeMs)
  }
  if (last < calendar.endMs) return transfers
  const scale = (calendar.endMs - 1 - first) / (last - first)
  return transfers.map((transfer) => ({
    ...transfer,
    timeMs: first + Math.floor((transfer.timeMs - first) * scale),
  }))
}

/** Notes the planted transfers, numbered in the order of the plan, and what surrounds them. */
export function plantPatterns(agenda: Agenda, instances: readonly PatternInstance[]): void {
  let step = 0
  for (const instance of instances) {
    for (const { from, to, cents, timeMs, asset } of instance.transfers) {
      agenda.plant(from, to, cents, timeMs, asset, step)
      step += 1
    }
    for (const { from, to, cents, timeMs, asset } of instance.surroundings)
      agenda.add(from, to, cents, timeMs, asset)
  }
}
