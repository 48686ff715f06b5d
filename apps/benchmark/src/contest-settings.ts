import type { Tournament } from '@subnetkit/core'

/** What all runs of a contest share. */
export type ContestSettings = Pick<Tournament, 'datasetSeed' | 'datasetTransfers' | 'ruleSet' | 'timeLimitMs'>
