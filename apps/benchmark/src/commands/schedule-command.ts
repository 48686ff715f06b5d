import { imageTypes, imageTypeSchema } from '@subnetkit/core'
import { type CommandOutcome, type CommandSession, defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { readConfig } from '../config.ts'
import type { JobLanes } from '../ports/job-lanes.ts'
import { jobKinds } from '../queue/job-kinds.ts'
import { openInProcessLanes } from '../queue/open-benchmark-queue.ts'
import { chooseSchedules, nextStart, runSchedules, type Schedule } from '../queue/schedule.ts'
import { examplesText } from './command-group.ts'
import { sandboxFlags, sandboxFlagsShape } from './contest-flags.ts'
import { plainTable } from './plain-table.ts'
import { withLanes } from './queue-commands.ts'
import { withRecords } from './with-records.ts'
import { untilAborted } from './worker-command.ts'

const optionsSchema = z.strictObject({
  imageType: imageTypeSchema.optional(),
  cron: z.string().min(1).max(200).optional(),
  ...sandboxFlagsShape,
})
type Options = z.infer<typeof optionsSchema>

/** `benchmark schedule`. */
export const scheduleCommand = defineCommand({
  name: 'schedule',
  description: 'do a day of all submissions outside of tournaments every night, by the clock of UTC',
  options: optionsSchema,
  flags: (command) => {
    command
      .option('--image-type <type>', `${imageTypes.join(' or ')}; both when absent`)
      .option('--cron <fields>', 'when, in UTC; analytics at 01:00 and ml at 03:00 when absent')
    sandboxFlags(command)
    command.addHelpText(
      'after',
      examplesText(
        ['schedule', "schedule --image-type ml --cron '30 2 * * *'"],
        'Without Redis it stays and does the days itself, until it is stopped. With REDIS_URL it sets the schedules there,\nwhich replaces all that were set, and ends: the workers do the days, and all of them need the same BENCHMARK_DATASET_SEED.',
      ),
    )
  },
  run: async (options, session) => {
    const { imageType, cron } = options
    const types = imageType === undefined ? {} : { imageTypes: [imageType] }
    const schedules = chooseSchedules({ ...types, cron })
    const config = readConfig()
    if (config.redisUrl === null) return await stay(options, schedules, session)
    return await withLanes(session, async (lanes) => {
      await lanes.setSchedules(schedules)
      const set = await lanes.listSchedules()
      const rows = set.map(({ name, cron: at, next }) => [name, at, next?.toISOString() ?? 'never'])
      return { value: set, text: plainTable(['schedule', 'when (UTC)', 'next'], rows) }
    })
  },
})

async function stay(
  { sandbox: sandboxKind, workers, allowLocal: isLocalAllowed }: Options,
  schedules: readonly Schedule[],
  session: CommandSession,
): Promise<CommandOutcome> {
  return await withRecords(
    session,
    { isLocalAllowed, sandboxKind, needs: ['writer', 'sandbox'] },
    async ({ benchmark }) => {
      const { clock, deps, random } = benchmark
      const { log } = session
      const signal = AbortSignal.any([session.signal, benchmark.lost])
      const kinds = jobKinds({ deps, clock, random, log, lanes: () => lanes })
      const concurrency = workers ?? readConfig().concurrency
      await using lanes: JobLanes = openInProcessLanes({ kinds, concurrency, clock, signal })
      using _schedules = runSchedules(schedules, async ({ name, task, args }) => {
        await lanes.days.add({ task: 'start-scheduled', jobId: `schedule ${name}`, context: { task, args } })
      })
      for (const schedule of schedules) {
        const next = nextStart(schedule, clock.now())?.toISOString() ?? 'never'
        log.info({ schedule: schedule.name, cron: schedule.cron, next }, 'waiting for its time')
      }
      await untilAborted(signal)
      await lanes.close()
      benchmark.lost.throwIfAborted()
      return { value: { stopped: true }, text: 'stopped' }
    },
  )
}
