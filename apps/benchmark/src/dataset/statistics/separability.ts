import type { DatasetPlan } from '../dataset-plan.ts'
import { Random } from '../random/random.ts'
import type { TransferBuffer } from '../transfer-buffer.ts'
import { AccountActivity, simpleColumns } from './account-activity.ts'
import { areaUnderCurve } from './area-under-curve.ts'

/** Accounts besides the planted ones that are followed; a larger world is sampled, so that memory stays bounded. */
const FOLLOWED_OTHERS = 20_000

/** How well each simple column alone tells the planted accounts from the rest. */
export interface SeparabilityReport {
  readonly active_accounts: number
  readonly planted_accounts: number
  /** Other accounts in the comparison: all active ones up to 20,000, else a random sample. */
  readonly compared_accounts: number
  /** Area under the ROC curve by column, to four decimals. */
  readonly auc: Readonly<Record<string, number | null>>
}

/** Follows accounts while the stream goes by. */
export class Separability {
  readonly #planted = new Map<number, AccountActivity>()
  readonly #others = new Map<number, AccountActivity>()
  readonly #active: Uint8Array

  constructor(plan: DatasetPlan) {
    const { accounts } = plan.scene.world
    this.#active = new Uint8Array(accounts)
    for (const { members } of plan.instances)
      for (const account of members.keys()) this.#planted.set(account, new AccountActivity())
    const random = new Random(`${plan.seed}/separability`)
    for (let account = 0; account < accounts; account++) {
      const wanted = accounts <= FOLLOWED_OTHERS || random.below(accounts) < FOLLOWED_OTHERS
      if (wanted && !this.#planted.has(account)) this.#others.set(account, new AccountActivity())
    }
  }

  /** Notes the transfers of one hour. */
  note(buffer: TransferBuffer): void {
    for (let row = 0; row < buffer.length; row++) {
      const from = buffer.from[row] ?? 0
      const to = buffer.to[row] ?? 0
      const cents = buffer.cents[row] ?? 0
      const timeMs = buffer.timeMs[row] ?? 0
      this.#active[from] = 1
      this.#active[to] = 1
      this.#of(from)?.note('out', to, cents, timeMs)
      this.#of(to)?.note('in', from, cents, timeMs)
    }
  }

  #of(account: number): AccountActivity | undefined {
    return this.#planted.get(account) ?? this.#others.get(account)
  }

  /** The comparison over everything noted. */
  report(): SeparabilityReport {
    const planted = [...this.#planted.values()]
    const others = [...this.#others.values()].filter((account) => account.isActive)
    const auc = simpleColumns.map((column): [string, number | null] => {
      const value = (account: AccountActivity): number => account.value(column)
      return [column, areaUnderCurve(planted.map(value), others.map(value))]
    })
    return {
      active_accounts: this.#active.reduce((sum, flag) => sum + flag, 0),
      planted_accounts: planted.length,
      compared_accounts: others.length,
      auc: Object.fromEntries(auc),
    }
  }
}
