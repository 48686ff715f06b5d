import type { ColumnSpec, ColumnValues } from '../output/table-columns.ts'
import type { DatasetPlan } from './dataset-plan.ts'
import { DAY_MS } from './calendar.ts'
import type { FlagType } from './patterns/pattern-instance.ts'
import { Random } from './random/random.ts'
import { labelMarks } from './statistics/account-activity.ts'
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

/** What a flagged address is known as. */
const flagLabels: Readonly<Record<FlagType, LabelText>> = {
  sanctions: { label: 'Sanctioned entity', addressType: 'sanctioned', riskLevel: 'critical' },
  exploit: { label: 'Exploit', addressType: 'scam', riskLevel: 'critical' },
  mixer: { label: 'Mixer', addressType: 'mixer', riskLevel: 'critical' },
  darknet: { label: 'Dark market', addressType: 'dark_market', riskLevel: 'critical' },
}

interface LabelText {
  readonly label: string
  readonly addressType: string
  readonly riskLevel: string
}

/**
 * All rows of `address_labels`, by address, column by column. Of planted accounts only the flagged ones have a label for
 * what they do; who took their money has none, and most of those who deal with them are innocent.
 */
export function labelRows(plan: DatasetPlan): ColumnValues[] {
  const { ranges } = plan.scene.world
  const random = new Random(`${plan.seed}/labels`)
  const flags = plan.instances.flatMap(({ flag }) => flag ?? [])
  const flagged = new Set(flags.map(({ account }) => account))
  const rows: (readonly (string | number)[])[] = []
  for (const { kind, percent, label, addressTypes, riskLevel } of rules) {
    const { start, count } = ranges[kind]
    for (let nth = 0; nth < count; nth++) {
      if (random.below(100) >= percent || flagged.has(start + nth)) continue
      const addressType = addressTypes[random.below(addressTypes.length)] ?? 'unknown'
      rows.push(labelRow(plan, random, start + nth, nth + 1, { label, addressType, riskLevel }))
    }
  }
  flags.forEach(({ account, flagType }, nth) => {
    rows.push(labelRow(plan, random, account, nth + 1, flagLabels[flagType]))
  })
  rows.sort((a, b) => ((a[2] ?? '') < (b[2] ?? '') ? -1 : 1))
  return labelColumns.map((_, column) => rows.map((row) => row[column] ?? ''))
}

function labelRow(
  plan: DatasetPlan,
  random: Random,
  account: number,
  nth: number,
  { label, addressType, riskLevel }: LabelText,
): readonly (string | number)[] {
  const { world, calendar } = plan.scene
  const updated = calendar.startMs - random.between(1, 200) * DAY_MS
  return [
    plan.options.network,
    plan.profile.networkType,
    world.addresses[account] ?? '',
    `${label} ${random.between(100, 999)}-${nth}`,
    addressType,
    '',
    random.chance(0.6) ? 'verified' : 'community',
    'synthetic',
    riskLevel,
    random.between(60, 99) / 100,
    Math.max(0, updated - random.between(0, 300) * DAY_MS),
    Math.max(0, updated),
  ]
}

/** How labels speak of each account, by its index: one of {@link labelMarks}. */
export function labelMarksOf(plan: DatasetPlan): Uint8Array {
  const columns = labelRows(plan)
  const column = (name: (typeof labelColumns)[number]['name']): ColumnValues =>
    columns[labelColumns.findIndex((one) => one.name === name)] ?? []
  const risks = column('risk_level')
  const riskOf = new Map(column('address').map((address, row) => [address, risks[row]]))
  const { addresses } = plan.scene.world
  return Uint8Array.from(addresses, (address) => {
    const risk = riskOf.get(address)
    if (risk === undefined) return labelMarks.none
    return risk === 'critical' ? labelMarks.risky : labelMarks.plain
  })
}
