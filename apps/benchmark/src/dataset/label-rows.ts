import type { ColumnSpec, ColumnValues } from '../output/table-columns.ts'
import type { DatasetPlan } from './dataset-plan.ts'
import { DAY_MS } from './calendar.ts'
import { Random } from './random/random.ts'
import type { AccountKind } from './world/account-kinds.ts'

/** Columns of `address_labels`: those of the analytical store's core table, without its version. */
export const labelColumns = [
  { name: 'network', kind: 'text' },
  { name: 'network_type', kind: 'text' },
  { name: 'address', kind: 'text' },
  { name: 'label', kind: 'text' },
  { name: 'address_type', kind: 'text' },
  { name: 'address_subtype', kind: 'text' },
  { name: 'trust_level', kind: 'text' },
  { name: 'source', kind: 'text' },
  { name: 'risk_level', kind: 'text' },
  { name: 'confidence_score', kind: 'float64' },
  { name: 'created_timestamp', kind: 'uint64' },
  { name: 'updated_timestamp', kind: 'uint64' },
] as const satisfies readonly ColumnSpec[]

interface LabelRule {
  readonly kind: AccountKind
  /** How many of the kind carry a label, in percent. */
  readonly percent: number
  readonly label: string
  readonly addressTypes: readonly string[]
  readonly riskLevel: string
}

/** Who is known by name. Deposit addresses and employers are not; of people, a few wallets, planted ones or not. */
const rules: readonly LabelRule[] = [
  { kind: 'hot_wallet', percent: 90, label: 'Exchange', addressTypes: ['exchange'], riskLevel: 'low' },
  {
    kind: 'cold_wallet',
    percent: 75,
    label: 'Exchange reserve',
    addressTypes: ['exchange'],
    riskLevel: 'low',
  },
  {
    kind: 'service',
    percent: 70,
    label: 'Service',
    addressTypes: ['staking', 'validator', 'subnet', 'dex'],
    riskLevel: 'low',
  },
  { kind: 'casino', percent: 80, label: 'Casino', addressTypes: ['gambling'], riskLevel: 'high' },
  { kind: 'merchant', percent: 12, label: 'Shop', addressTypes: ['merchant'], riskLevel: 'medium' },
  {
    kind: 'market_maker',
    percent: 30,
    label: 'Trading desk',
    addressTypes: ['institutional'],
    riskLevel: 'low',
  },
  { kind: 'person', percent: 1, label: 'Wallet', addressTypes: ['wallet'], riskLevel: 'medium' },
]

/** All rows of `address_labels`, by address, column by column. No label depends on who is planted. */
export function labelRows(plan: DatasetPlan): ColumnValues[] {
  const { world, calendar } = plan.scene
  const random = new Random(`${plan.seed}/labels`)
  const rows: (readonly (string | number)[])[] = []
  for (const rule of rules) {
    const { start, count } = world.ranges[rule.kind]
    for (let nth = 0; nth < count; nth++) {
      if (random.below(100) >= rule.percent) continue
      const addressType = rule.addressTypes[random.below(rule.addressTypes.length)] ?? 'unknown'
      const updated = calendar.startMs - random.between(1, 200) * DAY_MS
      rows.push([
        plan.options.network,
        plan.profile.networkType,
        world.addresses[start + nth] ?? '',
        `${rule.label} ${random.between(100, 999)}-${nth + 1}`,
        addressType,
        '',
        random.chance(0.6) ? 'verified' : 'community',
        'synthetic',
        rule.riskLevel,
        random.between(60, 99) / 100,
        Math.max(0, updated - random.between(0, 300) * DAY_MS),
        Math.max(0, updated),
      ])
    }
  }
  rows.sort((a, b) => ((a[2] ?? '') < (b[2] ?? '') ? -1 : 1))
  return labelColumns.map((_, column) => rows.map((row) => row[column] ?? ''))
}
