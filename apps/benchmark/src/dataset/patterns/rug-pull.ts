import { HOUR_MS } from '../calendar.ts'
import type { PatternDraft } from './pattern-draft.ts'

/**
 * A project collects from many over days, praised by paid marketing and by small gains that the first ones get back;
 * then the developer takes all that is left, shares it with the marketing, and leaves by an exit.
 */
export function draftRugPull(draft: PatternDraft): void {
  const { random } = draft
  const developer = draft.recruit('rug_developer')
  const contract = draft.recruit('rug_contract')
  const marketing = draft.recruitSeveral('rug_marketing', random.between(1, 2))
  const victims = draft.recruitSeveral('rug_victim', random.between(5, 12))
  const base = draft.firstCents(700, 0.7)
  draft.send(developer, contract, base * random.range(0.8, 2), draft.startMs)
  const span = random.range(16, 80) * HOUR_MS
  const opened = draft.after(draft.startMs, HOUR_MS)
  let last = opened
  for (const victim of victims) {
    const paid = draft.during(opened, span)
    const cents = Math.floor(base * random.logNormal(1, 0.6))
    draft.send(victim, contract, cents, paid)
    last = Math.max(last, paid)
    if (!random.chance(0.2)) continue
    const gained = draft.after(paid, 9 * HOUR_MS)
    draft.send(contract, victim, cents * random.range(0.1, 0.4), gained)
    last = Math.max(last, gained)
  }
  const drained = draft.after(last, 3 * HOUR_MS)
  const pot = draft.afterFee(draft.receivedBy(contract) - draft.sentBy(contract), last, drained)
  let time = draft.sendMaybeSplit(contract, developer, pot, drained)
  let left = pot
  for (const helper of marketing) {
    const share = Math.floor(pot * random.range(0.06, 0.2))
    time = draft.after(time, HOUR_MS)
    draft.send(developer, helper, share, time)
    left -= share
  }
  const exit = draft.recruit('rug_exit')
  const leaves = draft.after(time, 3 * HOUR_MS, 0.9)
  const leaving = draft.afterFee(left, drained, leaves)
  draft.sendMaybeSplit(developer, exit, leaving, leaves)
  draft.cashOut(exit, leaving, leaves)
}
