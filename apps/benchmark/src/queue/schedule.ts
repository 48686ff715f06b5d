import {
  benchmarkDayContextSchema,
  type Clock,
  imageTypes,
  InputError,
  type JobHandler,
  parseInput,
  utcDateSchema,
} from '@subnetkit/core'
import { Cron } from 'croner'
import { z } from 'zod'

import type { JobLane } from '../ports/job-lanes.ts'

/** What a scheduled start is told: everything but the day, which is the day on which it starts. */
const dayArgsSchema = benchmarkDayContextSchema.omit({ testDate: true })

/** Tasks that can be scheduled. */
const scheduledTasks = ['orchestrate-day'] as const

/** Something that starts by the clock, in UTC. */
export interface Schedule {
  readonly name: string
  /** Five or six fields. */
  readonly cron: string
  readonly task: (typeof scheduledTasks)[number]
  readonly args: z.infer<typeof dayArgsSchema>
}

const startSchema = z.strictObject({ task: z.enum(scheduledTasks), args: dayArgsSchema })

/** What runs unless the operator says otherwise: a day of analytics at 01:00 and one of ml at 03:00. */
const usualSchedules: readonly Schedule[] = [
  { name: 'daily-analytics', cron: '0 1 * * *', task: 'orchestrate-day', args: { imageType: 'analytics' } },
  { name: 'daily-ml', cron: '0 3 * * *', task: 'orchestrate-day', args: { imageType: 'ml' } },
]

/**
 * Schedules for some types, all at one time when `cron` is given.
 *
 * @throws InputError for a text that is no time.
 */
export function chooseSchedules(
  params: Readonly<{ imageTypes?: readonly string[]; cron?: string | undefined }>,
): readonly Schedule[] {
  const { cron } = params
  if (cron !== undefined) checkCron(cron)
  const wanted = new Set(params.imageTypes ?? imageTypes)
  return usualSchedules
    .filter(({ args }) => wanted.has(args.imageType))
    .map((schedule) => ({ ...schedule, cron: cron ?? schedule.cron }))
}

/** When a schedule starts next. */
export function nextStart({ cron }: Schedule, now: Date): Date | null {
  return new Cron(cron, { timezone: 'UTC', paused: true }).nextRun(now)
}

function checkCron(cron: string): void {
  try {
    new Cron(cron, { timezone: 'UTC', paused: true }).stop()
  } catch (cause) {
    throw new InputError({
      field: '--cron',
      value: cron,
      problem: `is not a time (${cause instanceof Error ? cause.message : String(cause)})`,
      hint: "give five fields in UTC, for example '0 1 * * *' for one o'clock each night",
      cause,
    })
  }
}

/**
 * Does a scheduled start: adds the day's job under its natural key, so that starting twice on a day is one job. The day is
 * read now, not when the schedule was made.
 */
export function scheduledStart(days: () => JobLane, clock: Clock): JobHandler {
  return async (context) => {
    const { task, args } = parseInput(startSchema, context, { subject: 'scheduled start' })
    const testDate = utcDateSchema.parse(clock.now().toISOString().slice(0, 10))
    const jobId = `${task} ${args.imageType} ${testDate}`
    return await days().add({ task, context: { ...args, testDate }, jobId })
  }
}

/** Starts schedules in this process until it is disposed of; with Redis its job schedulers do this instead. */
export function runSchedules(
  schedules: readonly Schedule[],
  start: (schedule: Schedule) => Promise<void>,
): Disposable {
  const jobs = schedules.map(
    (schedule) =>
      new Cron(schedule.cron, { timezone: 'UTC', name: schedule.name, protect: true }, async () => {
        await start(schedule)
      }),
  )
  return {
    [Symbol.dispose]: () => {
      for (const job of jobs) job.stop()
    },
  }
}
