import { DAY_MS, HOUR_MS } from '../calendar.ts'
import type { PatternDraft } from './pattern-draft.ts'
import type { FlagType, PatternRole } from './pattern-instance.ts'

const flags: readonly (readonly [flagType: FlagType, role: PatternRole])[] = [
  ['sanctions', 'sanctioned_entity'],
  ['exploit', 'exploit_attacker'],
  ['mixer', 'mixer_service'],
  ['darknet', 'darknet_market'],
]

const roleAtHop: readonly PatternRole[] = [
  'immediate_counterparty',
  'second_hop_counterparty',
  'third_hop_counterparty',
]

/**
 * Value that comes from a flagged address, or ends there, over one to three people who pass on what they get. Many more
 * people deal with the flagged address themselves, with ordinary sums that stay where they are: they are not planted.
 */
export function draftProximityRisk(draft: PatternDraft): void {
  const { random } = draft
  const [flagType, role] = flags[random.below(flags.length)] ?? ['mixer', 'mixer_service']
  const flagged = draft.recruit(role)
  draft.flag(flagged, flagType)
  const isSource = random.chance(0.65)
  for (let branches = random.between(1, 2); branches > 0; branches--) {
    const line = [flagged]
    for (let hop = 1, hops = random.between(2, 3); hop <= hops; hop++)
      line.push(draft.recruitAtHop(roleAtHop[hop - 1] ?? 'third_hop_counterparty', hop))
    passAlong(draft, isSource ? line : line.toReversed())
  }
  dealWithStrangers(draft, flagged)
}

function passAlong(draft: PatternDraft, line: readonly number[]): void {
  let cents = draft.firstCents(2_400, 0.9)
  let time = draft.after(draft.startMs, 6 * HOUR_MS)
  line.slice(1).forEach((to, position) => {
    const sent = draft.sendMaybeSplit(line[position] ?? to, to, cents, time)
    time = draft.after(sent, 5 * HOUR_MS, 0.9)
    cents = draft.afterFee(cents, sent, time)
  })
}

/** What else goes in and out of the flagged address, all through the window. */
function dealWithStrangers(draft: PatternDraft, flagged: number): void {
  const { random } = draft
  for (let others = random.between(6, 18); others > 0; others--) {
    const cents = draft.firstCents(900, 1.1)
    const time = draft.atShare(random.unit())
    const other = draft.stranger(flagged)
    const isReturned = random.chance(0.25)
    if (random.chance(0.5)) draft.aside(flagged, other, cents, time)
    else draft.aside(other, flagged, cents, time)
    if (isReturned) draft.aside(flagged, other, cents * random.range(0.4, 1), time + random.below(3 * DAY_MS))
  }
}
