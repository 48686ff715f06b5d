import { HOUR_MS } from '../calendar.ts'
import type { PatternDraft } from './pattern-draft.ts'

/**
 * One person behind many wallets: funds them with about equal sums, lets each deal with the same service as if they were
 * strangers, and gathers what the service paid them.
 */
export function draftSybilNetwork(draft: PatternDraft): void {
  const { random } = draft
  const target = draft.joinService('sybil_target')
  const funder = draft.recruit('sybil_funder')
  const collector = draft.recruit('sybil_collector')
  const wallets = draft.recruitSeveral('sybil_wallet', random.between(4, 8))
  const base = draft.firstCents(650, 0.7)
  const shares = wallets.map(() => Math.floor(base * random.range(0.85, 1.15)))
  draft.fund(
    funder,
    shares.reduce((sum, share) => sum + share, 0),
  )
  const span = random.range(1, 20) * HOUR_MS
  for (const [position, wallet] of wallets.entries()) {
    const funded = draft.during(draft.startMs, span)
    const share = shares[position] ?? base
    draft.send(funder, wallet, share, funded)
    const joined = draft.after(funded, 8 * HOUR_MS, 0.8)
    const staked = Math.floor(draft.afterFee(share, funded, joined) * random.range(0.7, 1))
    draft.send(wallet, target, staked, joined)
    const paid = draft.after(joined, 24 * HOUR_MS, 0.6)
    const reward = Math.floor(staked * random.range(1.02, 1.5))
    draft.send(target, wallet, reward, paid)
    const gathered = draft.after(paid, 10 * HOUR_MS, 0.8)
    draft.send(wallet, collector, draft.afterFee(reward, paid, gathered), gathered)
  }
}
