/**
 * The feature columns that the default scorer reads: none. It works from the alerts alone, so that a snapshot whose
 * features are missing or constant is scored the same.
 */
export const scorerFeatureNames: readonly string[] = []
