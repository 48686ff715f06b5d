import { connectDynamo, createDynamoRepositories } from '../src/index.ts'

// A worker in a process of its own: claims, works for a moment, completes, and prints what it did, until no task is
// left or it is killed.
const [endpoint = '', tablePrefix = '', environment = '', owner = ''] = process.argv.slice(2)
const LEASE_MS = 3_000
const WORK_MS = 5
const IDLE_MS = 250

const pauseOf = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

await using connection = connectDynamo({ endpoint, tablePrefix })
const { samplingTasks } = createDynamoRepositories(connection)
for (let turn = 0; ; turn += 1) {
  const token = `${owner}-${turn}`
  const claim = { environment, owner, claimId: token, limit: 4, leaseMs: LEASE_MS, now: new Date() }
  const tasks = await samplingTasks.claim(claim)
  process.stdout.write(`claimed ${tasks.length}\n`)
  for (const { minerHotkey, modelRevision, generation, taskId } of tasks) {
    await pauseOf(WORK_MS)
    const key = { minerHotkey, modelRevision, environment, generation, taskId }
    const sampleId = `${taskId}`.padStart(32, '0')
    const outcome = await samplingTasks.complete({ key, token, sampleId, now: new Date() }).then(
      () => 'completed',
      () => 'lost',
    )
    process.stdout.write(`${outcome} ${taskId}\n`)
  }
  if (tasks.length > 0) continue
  const { claimable, claimed } = await samplingTasks.count({ environment })
  if (claimable + claimed === 0) break
  await pauseOf(IDLE_MS)
}
process.stdout.write('idle 0\n')
