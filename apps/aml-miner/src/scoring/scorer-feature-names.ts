/** The feature columns that the default scorer reads where they exist. */
export const scorerFeatureNames = ['degree_total', 'tx_total_count'] as const
