/**
 * The score of a version as an aggregate over its completed and scored evaluations: their mean, summed in the order of
 * validators as `versionScoreOf` of core does, so that both give the same last digit.
 */
export const MEAN_SCORE =
  'arrayAvg(arrayMap(scored -> scored.2, arraySort(groupArray((validator_hotkey, assumeNotNull(score))))))'
