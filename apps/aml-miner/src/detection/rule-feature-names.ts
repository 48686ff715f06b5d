/**
 * The feature columns that the rules on features read. A store that gives others, or not all, loses single rules, each
 * with a notice; nothing else depends on them.
 */
export const ruleFeatureNames = [
  'degree_in',
  'degree_out',
  'degree_total',
  'tx_in_count',
  'tx_out_count',
  'tx_total_count',
  'total_in_usd',
  'total_out_usd',
  'burst_factor',
  'reciprocity_ratio',
  'night_transaction_ratio',
  'weekend_transaction_ratio',
  'activity_days',
] as const

/** One of {@link ruleFeatureNames}. */
export type RuleFeatureName = (typeof ruleFeatureNames)[number]
