import type { Alert, AlertCluster, Snapshot } from '@subnetkit/core'

import type { ScorableAlert, ScoringInput } from '../scoring/alert-scorer.ts'
import { scorerFeatureNames } from '../scoring/scorer-feature-names.ts'
import { type DayDeps, dayKeyOf, type StepOptions } from './day-steps.ts'

/** A batch as it is read from the store: the clusters are always there, if only as an empty list. */
export interface ReadScoringInput extends ScoringInput {
  readonly clusters: readonly AlertCluster[]
}

/** Reads what the models may know of a snapshot. Labels are not among it. */
export async function readScoringInput(
  deps: DayDeps,
  snapshot: Snapshot,
  { signal, progress }: StepOptions,
): Promise<ReadScoringInput> {
  const { alertClusters, alerts: alertRows, features: featureRows } = deps.repositories
  const key = { ...dayKeyOf(snapshot), snapshotId: snapshot.snapshotId }
  progress('reading alerts, features and clusters')
  const alerts: ScorableAlert[] = []
  for await (const alert of alertRows.stream({ key }, { signal })) alerts.push(toScorable(alert))
  const clusters: AlertCluster[] = []
  for await (const cluster of alertClusters.stream({ key }, { signal })) clusters.push(cluster)
  // A scorer that reads no feature must not pay for a scan of all of them.
  const features =
    scorerFeatureNames.length === 0
      ? { addresses: [], values: {} }
      : await featureRows.readColumns({ key, featureNames: scorerFeatureNames, of: 'alerts' }, { signal })
  return { alerts, features, clusters }
}

function toScorable(alert: Alert): ScorableAlert {
  const { address, alertConfidenceScore, alertId, patternId, severity, typologyType, volumeUsd } = alert
  return {
    address,
    alertConfidenceScore,
    alertId,
    patternId,
    severity,
    typologyType,
    volumeUsd: Number(volumeUsd),
  }
}
