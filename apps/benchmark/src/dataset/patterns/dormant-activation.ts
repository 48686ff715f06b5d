import { HOUR_MS } from '../calendar.ts'
import type { PatternDraft } from './pattern-draft.ts'

/** A wallet gets money early, stays silent for about half of the window, and then passes all of it on within hours. */
export function draftDormantActivation(draft: PatternDraft): void {
  const { random } = draft
  const wallet = draft.recruit('dormant_wallet')
  draft.silence(wallet)
  let cents = draft.firstCents(3_600, 0.9)
  const funded = draft.atShare(random.range(0.01, 0.12))
  for (let parts = random.between(1, 2); parts > 0; parts--)
    draft.fundAt(wallet, Math.floor((cents * random.range(1, 1.08)) / parts), draft.after(funded, HOUR_MS))
  let holder = wallet
  let time = draft.after(draft.atShare(random.range(0.5, 0.82)), HOUR_MS)
  cents = draft.afterFee(cents, funded, time)
  for (let hops = random.between(1, 3); hops >= 0; hops--) {
    const next = draft.recruit(hops === 0 ? 'dormant_exit' : 'activation_hop')
    const sent = draft.sendMaybeSplit(holder, next, cents, time)
    time = draft.after(sent, 3 * HOUR_MS, 0.9)
    cents = draft.afterFee(cents, sent, time)
    holder = next
  }
  draft.cashOut(holder, cents, time)
}
