import { isInnocentRole } from '@subnetkit/core'

import type { DatasetPlan } from '../dataset-plan.ts'
import { labelMarksOf } from '../label-rows.ts'
import { Random } from '../random/random.ts'
import type { TransferBuffer } from '../transfer-buffer.ts'
import { AccountActivity } from './account-activity.ts'
import { areaUnderCurve } from './area-under-curve.ts'
import { simpleColumns } from './simple-columns.ts'

/** Accounts of each side that are followed; of more a random sample is, so that memory stays bounded. */
const FOLLOWED = 10_000

/** How well each simple column alone tells the planted accounts from the rest. */
export interface SeparabilityReport {
  readonly active_accounts: number
  readonly planted_accounts: number
  /** Other accounts in the comparison: all active ones up to about 10,000, else a random sample; of planted ones likewise. */
  readonly compared_accounts: number
  /** Area under the ROC curve by column, to four decimals: all who are planted against all others. */
  readonly auc: Readonly<Record<string, number | null>>
  /** The same for those whom a risk score should find: without the victims and bystanders among the planted. */
  readonly culprit_auc: Readonly<Record<string, number | null>>
}

interface Followed {
  readonly activity: AccountActivity
  readonly isCulprit: boolean
}

/** Follows accounts while the stream goes by. */
export class Separability {
  readonly #planted = new Map<number, Followed>()
  readonly #others = new Map<number, AccountActivity>()
  readonly #active: Uint8Array
  readonly #marks: Uint8Array
  readonly #plantedAccounts: number

  constructor(plan: DatasetPlan) {
    const { accounts } = plan.scene.world
    this.#active = new Uint8Array(accounts)
    this.#marks = labelMarksOf(plan)
    const random = new Random(`${plan.seed}/separability`)
    const planted = culpritsOf(plan)
    this.#plantedAccounts = planted.size
    for (let account = 0; account < accounts; account++) {
      const isCulprit = planted.get(account)
      const many = isCulprit === undefined ? accounts - planted.size : planted.size
      if (many > FOLLOWED && random.below(many) >= FOLLOWED) continue
      const activity = new AccountActivity(this.#marks[account] ?? 0)
      if (isCulprit === undefined) this.#others.set(account, activity)
      else this.#planted.set(account, { activity, isCulprit })
    }
  }

  /** Notes the transfers of one hour. */
  note(buffer: TransferBuffer): void {
    for (let row = 0; row < buffer.length; row++) {
      const from = buffer.from[row] ?? 0
      const to = buffer.to[row] ?? 0
      this.#active[from] = 1
      this.#active[to] = 1
      const payer = this.#of(from)
      const payee = this.#of(to)
      if (payer === undefined && payee === undefined) continue
      const transfer = {
        cents: buffer.cents[row] ?? 0,
        timeMs: buffer.timeMs[row] ?? 0,
        asset: buffer.asset[row] ?? 0,
      }
      payer?.note('out', to, this.#marks[to] ?? 0, transfer)
      payee?.note('in', from, this.#marks[from] ?? 0, transfer)
    }
  }

  #of(account: number): AccountActivity | undefined {
    return this.#planted.get(account)?.activity ?? this.#others.get(account)
  }

  /** The comparison over everything noted. */
  report(): SeparabilityReport {
    const planted = [...this.#planted.values()]
    const culprits = planted.filter(({ isCulprit }) => isCulprit)
    const others = [...this.#others.values()].filter((account) => account.count > 0)
    const innocents = planted.filter(({ isCulprit }) => !isCulprit).map(({ activity }) => activity)
    const auc: [string, number | null][] = []
    const culpritAuc: [string, number | null][] = []
    for (const [column, value] of simpleColumns) {
      const rest = others.map(value)
      const ofPlanted = planted.map(({ activity }) => value(activity))
      auc.push([column, areaUnderCurve(ofPlanted, rest)])
      const ofCulprits = culprits.map(({ activity }) => value(activity))
      culpritAuc.push([column, areaUnderCurve(ofCulprits, [...rest, ...innocents.map(value)])])
    }
    return {
      active_accounts: this.#active.reduce((sum, flag) => sum + flag, 0),
      planted_accounts: this.#plantedAccounts,
      compared_accounts: others.length,
      auc: Object.fromEntries(auc),
      culprit_auc: Object.fromEntries(culpritAuc),
    }
  }
}

/** Every planted account, and whether it is a culprit in one of its patterns. */
function culpritsOf({ instances }: DatasetPlan): Map<number, boolean> {
  const planted = new Map<number, boolean>()
  for (const { members } of instances)
    for (const [account, role] of members)
      planted.set(account, planted.get(account) === true || !isInnocentRole(role))
  return planted
}
