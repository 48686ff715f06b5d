import { InputError } from '@subnetkit/core'
import { type CommandSession, defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { composeIdleLanes } from '../compose.ts'
import { readConfig } from '../config.ts'
import type { RedisLanes } from '../queue/open-redis-lanes.ts'
import { commandGroup } from './command-group.ts'
import { deadJobsText } from './dead-jobs-text.ts'
import { plainTable } from './plain-table.ts'
import { needRedis } from './worker-command.ts'

const lanesOf = ({ runs, days }: RedisLanes): readonly (readonly ['runs' | 'days', RedisLanes['runs']])[] => [
  ['runs', runs],
  ['days', days],
]

const countCommand = defineCommand({
  name: 'counts',
  description: 'how many jobs wait and run',
  options: z.strictObject({}),
  run: async (_options, session) =>
    await withLanes(session, async (lanes) => {
      const rows = await Promise.all(
        lanesOf(lanes).map(async ([lane, jobs]) => ({ lane, ...(await jobs.counts()) })),
      )
      const cells = rows.map(({ lane, waiting, running }) => [lane, `${waiting}`, `${running}`])
      return { value: rows, text: plainTable(['lane', 'waiting', 'running'], cells) }
    }),
})

const deadCommand = defineCommand({
  name: 'dead',
  description: 'the jobs that failed for good, those that died last first, and why',
  options: z.strictObject({ limit: numberFromText(z.int().min(1).max(1_000)) }),
  flags: (command) => command.option('--limit <n>', 'most jobs of each lane, 1 to 1000', '50'),
  run: async ({ limit }, session) =>
    await withLanes(session, async (lanes) => {
      const found = await Promise.all(
        lanesOf(lanes).map(async ([lane, jobs]) =>
          (await jobs.listDead({ limit })).map((job) => ({ lane, ...job })),
        ),
      )
      const dead = found.flat()
      return { value: dead, text: deadJobsText(dead) }
    }),
})

const retryCommand = defineCommand({
  name: 'retry',
  description: 'put a dead job back',
  options: z.strictObject({ job: z.string().min(1).max(500) }),
  flags: (command) => command.argument('<job>', 'as benchmark queue dead names it'),
  run: async ({ job: jobId }, session) =>
    await withLanes(session, async (lanes) => {
      for (const [lane, jobs] of lanesOf(lanes)) {
        if (await jobs.retryDead({ jobId })) {
          return { value: { jobId, lane }, text: `${jobId} waits again in ${lane}` }
        }
      }
      throw new InputError({
        field: '<job>',
        value: jobId,
        problem: 'is no dead job',
        hint: 'take one from benchmark queue dead',
      })
    }),
})

/** `benchmark queue …`. */
export const queueCommands: ProgramCommand = commandGroup(
  'queue',
  'look at the jobs in Redis',
  ['queue counts', 'queue dead', 'queue retry "orchestrate-day analytics 2025-08-01"'],
  [countCommand, deadCommand, retryCommand],
)

/** Opens the lanes only to look at them: nothing is worked at. */
export async function withLanes<T>(
  session: CommandSession,
  use: (lanes: RedisLanes) => Promise<T>,
): Promise<T> {
  const url = needRedis(readConfig(), 'without it jobs live and end with the command that made them')
  await using lanes = await composeIdleLanes(url, session)
  return await use(lanes)
}
