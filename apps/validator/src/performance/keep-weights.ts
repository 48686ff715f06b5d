import type { MinerPerformance, TaskPerformance } from '@subnetkit/core'

/**
 * Statistics computed again, with what their former row has of weights and incentive: cycles and epochs of a period that
 * is over are not looked up any more, and stay as they were told then.
 */
export function keepWeights(computed: MinerPerformance, former: MinerPerformance): MinerPerformance {
  const tasks = new Map(computed.tasks.map((task) => [task.taskName, task]))
  for (const old of former.tasks) {
    const task = tasks.get(old.taskName)
    if (task !== undefined) tasks.set(old.taskName, { ...task, ...taskWeights(old) })
    // Known from the trace alone.
    else if (old.weightScore !== null || old.weightContribution !== null) tasks.set(old.taskName, old)
  }
  return {
    ...computed,
    cycleId: former.cycleId,
    submittedWeight: former.submittedWeight,
    submittedValue: former.submittedValue,
    rawCalculatedWeight: former.rawCalculatedWeight,
    excellenceWeight: former.excellenceWeight,
    diversityWeight: former.diversityWeight,
    scoringPathway: former.scoringPathway,
    multiTaskBonus: former.multiTaskBonus,
    weightSubmissionBlock: former.weightSubmissionBlock,
    incentiveValue: former.incentiveValue,
    incentive: former.incentive,
    consensusRank: former.consensusRank,
    consensusBlock: former.consensusBlock,
    tasks: [...tasks.values()].toSorted((a, b) => (a.taskName < b.taskName ? -1 : 1)),
  }
}

function taskWeights({
  weightScore,
  percentileRank,
  weightContribution,
  effectiveContribution,
  isQualified,
}: TaskPerformance): Partial<TaskPerformance> {
  return { weightScore, percentileRank, weightContribution, effectiveContribution, isQualified }
}
