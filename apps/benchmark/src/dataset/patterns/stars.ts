import { HOUR_MS } from '../calendar.ts'
import type { PatternDraft } from './pattern-draft.ts'

/** Limits that somebody may want to stay below, in dollars. */
const thresholds = [1_000, 2_000, 3_000, 5_000, 10_000]

function drawThresholdCents(draft: PatternDraft): number {
  return (thresholds[draft.random.below(thresholds.length)] ?? 1_000) * 100
}

/** Many pay one within hours; nearly all of it then leaves by one or two transfers. */
export function draftFanIn(draft: PatternDraft): void {
  const { random } = draft
  const exit = draft.recruit('fanin_exit')
  const collector = draft.recruit('fanin_collector')
  const sources = draft.recruitSeveral('fanin_source', random.between(6, 12))
  const base = draft.firstCents(900, 0.8)
  const span = random.range(1, 9) * HOUR_MS
  let last = draft.startMs
  let pot = 0
  for (const source of sources) {
    const time = draft.within(draft.startMs, span)
    const cents = base * random.logNormal(1, 0.45)
    draft.send(source, collector, cents, time)
    pot += Math.floor(cents)
    last = Math.max(last, time)
  }
  const leaves = draft.after(last, 3 * HOUR_MS, 0.9)
  const leaving = draft.afterFee(pot, last, leaves)
  draft.sendMaybeSplit(collector, exit, leaving, leaves)
  draft.cashOut(exit, leaving, leaves)
}

/** One sum, just arrived, is spread over many within hours. */
export function draftFanOut(draft: PatternDraft): void {
  const { random } = draft
  const source = draft.recruit('attacker')
  const mules = draft.recruitSeveral('mule', random.between(6, 12))
  const base = draft.firstCents(900, 0.8)
  const shares = mules.map(() => Math.floor(base * random.logNormal(1, 0.45)))
  draft.fund(
    source,
    shares.reduce((sum, share) => sum + share, 0),
  )
  const span = random.range(0.5, 7) * HOUR_MS
  mules.forEach((mule, position) => {
    draft.send(source, mule, shares[position] ?? base, draft.within(draft.startMs, span))
  })
}

/** One source, many mules, one aggregator, one exit: the sum crosses in parts below a threshold. */
export function draftSmurfing(draft: PatternDraft): void {
  const { random } = draft
  const threshold = drawThresholdCents(draft)
  const source = draft.recruit('smurfing_source')
  const aggregator = draft.recruit('smurfing_aggregator')
  const exit = draft.recruit('smurfing_exit')
  const relay = random.chance(0.35) ? draft.recruit('smurfing_intermediate') : aggregator
  let last = draft.startMs
  let paid = 0
  const span = random.range(3, 30) * HOUR_MS
  for (const mule of draft.recruitSeveral('smurfing_mule', random.between(4, 8))) {
    let time = draft.within(draft.startMs, draft.after(0, span, 0.1, false))
    let held = 0
    for (let parts = random.between(1, 2); parts > 0; parts--) {
      const cents = Math.floor(threshold * random.range(0.72, 0.995))
      draft.send(source, mule, cents, time)
      held += cents
      paid += cents
      time = draft.after(time, 0.7 * HOUR_MS, 0.8, false)
    }
    // Forwarded in as many parts as it takes to stay below the threshold again.
    const leaves = draft.after(time, 8 * HOUR_MS, 0.8)
    let rest = draft.afterFee(held, time, leaves)
    let sent = leaves
    while (rest > 0) {
      const part = rest < threshold ? rest : Math.floor(rest * random.range(0.4, 0.49))
      const viaRelay = draft.receivedBy(relay) === 0 || random.chance(0.5)
      draft.send(mule, viaRelay ? relay : aggregator, part, sent)
      rest -= part
      last = Math.max(last, sent)
      sent = draft.after(sent, 0.5 * HOUR_MS, 0.7, false)
    }
  }
  draft.fund(source, paid)
  const relayed = draft.receivedBy(relay)
  if (relay !== aggregator && relayed > 0) {
    const passed = draft.after(last, 4 * HOUR_MS)
    draft.send(relay, aggregator, draft.afterFee(relayed, last, passed), passed)
    last = passed
  }
  const leaves = draft.after(last, 9 * HOUR_MS)
  const leaving = draft.afterFee(draft.receivedBy(aggregator), last, leaves)
  draft.sendMaybeSplit(aggregator, exit, leaving, leaves)
  draft.cashOut(exit, leaving, leaves)
}

/** A large sum paid in many unequal parts, each just below a threshold, within days. */
export function draftThresholdEvasion(draft: PatternDraft): void {
  const { random } = draft
  const threshold = drawThresholdCents(draft)
  const source = draft.recruit('threshold_source')
  const destinations = draft.recruitSeveral('threshold_destination', random.between(1, 3))
  let time = draft.startMs
  for (let parts = random.between(5, 12); parts > 0; parts--) {
    const to = destinations[parts % destinations.length] ?? source
    draft.send(source, to, threshold * random.range(0.86, 0.997), time)
    time = draft.after(time, 9 * HOUR_MS, 0.8)
  }
}

/** Many transfers within minutes to a few targets, who pass the money to a collector soon after. */
export function draftBurst(draft: PatternDraft): void {
  const { random } = draft
  const source = draft.recruit('burst_source')
  const collector = draft.recruit('burst_collector')
  const targets = draft.recruitSeveral('burst_target', random.between(2, 5))
  const base = draft.firstCents(350, 0.8)
  const span = random.between(6, 50) * 60_000
  const received = new Map<number, number>()
  for (let parts = random.between(9, 20); parts > 0; parts--) {
    const target = targets[parts % targets.length] ?? collector
    const cents = Math.floor(base * random.logNormal(1, 0.5))
    draft.send(source, target, cents, draft.within(draft.startMs, span))
    received.set(target, (received.get(target) ?? 0) + cents)
  }
  for (const [target, cents] of received) {
    const passed = draft.after(draft.startMs + span, HOUR_MS, 0.8, false)
    draft.send(target, collector, draft.afterFee(cents, draft.startMs, passed), passed)
  }
}
