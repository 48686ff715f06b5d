/** What is known of one miner's model in one environment. Both lists are ascending and without repeats. */
export interface PlanTasksParams {
  /** The half-open range of task ids that every miner is asked. */
  readonly range: readonly [from: number, to: number]
  /** Ids that have a sample in a generation that counts. */
  readonly presentTaskIds: readonly number[]
  /** Ids whose task is pending, claimed or quarantined. */
  readonly openTaskIds: readonly number[]
  /** Ids of which a finished or revoked task is still kept, so that making it anew would change nothing. */
  readonly blockedTaskIds?: ReadonlySet<number>
  readonly maxOpenTasks: number
}

/** What to make, and how much of the range is there. */
export interface TaskPlan {
  /** Lowest first; at most as many as there is room for among the open ones. */
  readonly taskIds: readonly number[]
  /** Ids of the range with a sample. */
  readonly present: number
  /** Ids of the range without a sample whose task is open. */
  readonly open: number
  /** Ids of the range whose task is open although the sample is there: their worker died before it had counted them. */
  readonly unsettled: number
  /** Ids of the range without a sample, open, blocked or not. */
  readonly missing: number
}

/** Expected minus present minus open, lowest first: one walk over the range beside the two lists. */
export function planTasks(params: PlanTasksParams): TaskPlan {
  const { range, presentTaskIds, openTaskIds, blockedTaskIds, maxOpenTasks } = params
  const [from, to] = range
  const isPresent = walkAlong(presentTaskIds, from)
  const isOpen = walkAlong(openTaskIds, from)
  const room = Math.max(0, maxOpenTasks - openTaskIds.length)
  const taskIds: number[] = []
  let present = 0
  let open = 0
  let unsettled = 0
  for (let taskId = from; taskId < to; taskId += 1) {
    const waits = isOpen(taskId)
    if (isPresent(taskId)) {
      present += 1
      if (waits) unsettled += 1
    } else if (waits) open += 1
    else if (taskIds.length < room && blockedTaskIds?.has(taskId) !== true) taskIds.push(taskId)
  }
  return { taskIds, present, open, unsettled, missing: to - from - present }
}

/** Answers for ascending questions whether an ascending list holds a number, without looking back. */
function walkAlong(ids: readonly number[], from: number): (id: number) => boolean {
  let at = ids.findIndex((id) => id >= from)
  if (at === -1) at = ids.length
  return (id) => {
    while ((ids[at] ?? Infinity) < id) at += 1
    return ids[at] === id
  }
}
