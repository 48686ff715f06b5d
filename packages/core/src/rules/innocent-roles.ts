/** Roles of people that a pattern uses or harms, and of those that are planted to be mistaken for culprits. */
const innocentRoles: ReadonlySet<string> = new Set([
  'rug_victim',
  'sybil_target',
  'nested_service_user',
  'hot_wallet',
  'cold_wallet',
  'deposit_address',
  'withdrawal_address',
  'legitimate_exchange',
  'nested_destination',
  'benign_counterparty',
  'noise',
  'unknown',
])

/**
 * Whether who has this role in a planted pattern is a victim or bystander, whom a miner need not find; everybody else who
 * takes part should have a high risk score.
 */
export function isInnocentRole(role: string): boolean {
  return innocentRoles.has(role)
}
