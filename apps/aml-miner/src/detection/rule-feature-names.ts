/** The feature columns that detection reads from the store; all other detectors work from the transfers themselves. */
export const ruleFeatureNames = [
  'night_transaction_ratio',
  'weekend_transaction_ratio',
  'tx_total_count',
  'self_transfer_count',
  'activity_span_days',
] as const
