import { HOUR_MS } from '../calendar.ts'
import type { PatternDraft } from './pattern-draft.ts'

/** Money sent round a ring of people until it is back, less a fee at each hop; sometimes for two rounds. */
export function draftCycle(draft: PatternDraft): void {
  const { random } = draft
  const ring = draft.recruitSeveral('cycle_node', [3, 3, 4, 4, 4, 5, 5, 6, 7, 8][random.below(10)] ?? 4)
  const [first = 0] = ring
  let time = draft.startMs
  for (let rounds = random.chance(0.3) ? 2 : 1; rounds > 0; rounds--) {
    let cents = draft.firstCents(2_600, 1)
    draft.fund(first, cents)
    for (const [position, from] of ring.entries()) {
      const to = ring[(position + 1) % ring.length] ?? first
      const sent = draft.sendMaybeSplit(from, to, cents, time)
      time = draft.after(sent, 4 * HOUR_MS, 0.8)
      cents = draft.afterFee(cents, sent, time)
    }
    time = draft.after(time, 30 * HOUR_MS)
  }
}

/** A straight line of hops, each passing on what it got. */
export function draftLayering(draft: PatternDraft): void {
  const { random } = draft
  const hops = [2, 2, 3, 3, 3, 4, 4, 5, 6][random.below(9)] ?? 3
  let holder = draft.recruit('layering_source')
  let cents = draft.firstCents(3_200, 1)
  let time = draft.startMs
  draft.fund(holder, cents)
  for (let hop = 0; hop <= hops; hop++) {
    const next = draft.recruit(hop === hops ? 'layering_dest' : 'layering_hop')
    const sent = draft.sendMaybeSplit(holder, next, cents, time)
    time = draft.after(sent, 3 * HOUR_MS, 0.9)
    cents = draft.afterFee(cents, sent, time)
    holder = next
  }
  draft.cashOut(holder, cents, time)
}

/** A shrinking sum handed along a line of mules, each of whom pays a small part aside to one of a few destinations. */
export function draftPeelChain(draft: PatternDraft): void {
  const { random } = draft
  const destinations = draft.recruitSeveral('peel_destination', random.between(1, 3))
  let holder = draft.recruit('attacker_origin')
  let cents = draft.firstCents(9_000, 0.8)
  let time = draft.startMs
  const peelShare = random.range(0.03, 0.13)
  draft.fund(holder, cents)
  for (let mules = random.between(3, 7); mules >= 0; mules--) {
    const peel = Math.floor(cents * peelShare * random.range(0.5, 1.5))
    const destination = destinations[mules % destinations.length] ?? holder
    const peeled = draft.after(time, 0.4 * HOUR_MS, 0.8, false)
    draft.send(holder, destination, peel, peeled)
    if (mules === 0) break
    const next = draft.recruit('mule')
    const sent = draft.after(random.chance(0.5) ? peeled : time, 0.3 * HOUR_MS, 0.8, false)
    draft.send(holder, next, draft.afterFee(cents - peel, time, sent), sent)
    cents = draft.afterFee(cents - peel, time, sent)
    time = draft.after(sent, 3 * HOUR_MS, 0.9)
    holder = next
  }
}

/** Two or three wallets that trade with themselves: about the same sum again and again, to and fro or round. */
export function draftWashTrading(draft: PatternDraft): void {
  const { random } = draft
  const wallets = draft.recruitSeveral('wash_trading_wallet', random.chance(0.6) ? 2 : 3)
  const cents = draft.firstCents(1_300, 0.9)
  let time = draft.startMs
  let turn = 0
  for (let trades = random.between(3, 6) * wallets.length; trades > 0; trades--) {
    const from = wallets[turn % wallets.length] ?? 0
    const to = wallets[(turn + 1) % wallets.length] ?? 0
    draft.send(from, to, cents * random.range(0.97, 1.03), time)
    time = draft.after(time, 2 * HOUR_MS, 0.9)
    turn += 1
  }
}
