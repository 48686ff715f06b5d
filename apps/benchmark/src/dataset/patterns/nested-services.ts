import { HOUR_MS } from '../calendar.ts'
import type { PatternDraft } from './pattern-draft.ts'

/**
 * Somebody runs a service behind an account at an exchange: users pay in, the service turns the money in at the exchange
 * under its own name, and the exchange pays about the same sums, less a fee, to whom the users named.
 */
export function draftNestedServices(draft: PatternDraft): void {
  const { random } = draft
  const exchange = draft.joinExchange('legitimate_exchange')
  const service = draft.recruit('nested_service_wallet')
  const users = draft.recruitSeveral('nested_service_user', random.between(3, 6))
  const destinations = draft.recruitSeveral(
    'nested_destination',
    random.between(2, Math.min(4, users.length)),
  )
  const base = draft.firstCents(1_100, 0.7)
  let time = draft.startMs
  for (const [position, user] of users.entries()) {
    const cents = Math.floor(base * random.logNormal(1, 0.5))
    draft.send(user, service, cents, time)
    const pooled = draft.after(time, 4 * HOUR_MS, 0.8)
    const turnedIn = draft.afterFee(cents, time, pooled)
    draft.send(service, exchange, turnedIn, pooled)
    const paidOut = draft.after(pooled, 7 * HOUR_MS, 0.8)
    const destination = destinations[position % destinations.length] ?? service
    draft.send(exchange, destination, draft.afterFee(turnedIn, pooled, paidOut), paidOut)
    time = draft.after(time, 14 * HOUR_MS, 0.8)
  }
}
