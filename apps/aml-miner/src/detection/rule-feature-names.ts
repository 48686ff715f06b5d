/**
 * The feature columns that detection reads from the store: none at present. Every detector works from the transfers, so
 * that it sees times and counterparties and not only their averages.
 */
export const ruleFeatureNames: readonly string[] = []
