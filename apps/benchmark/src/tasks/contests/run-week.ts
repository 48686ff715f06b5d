import {
  type BaselineStatus,
  commitSchema,
  defineTask,
  hotkeySchema,
  imageTypeSchema,
  isInputError,
  repositoryUrlSchema,
  StorageError,
  type TaskControl,
  type Tournament,
  tournamentSchema,
} from '@subnetkit/core'
import { z } from 'zod'

import { tournamentIdOf } from '../../benchmark-ids.ts'
import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { addDays } from '../../tournament/utc-days.ts'
import { competitionDays } from '../../tournament/tournament-days.ts'
import { type UnregisteredMiner, type WeekReport, weekRows } from '../../week/week-report.ts'
import { addSubmission } from '../submissions/add-submission.ts'
import { advanceTournament } from './advance-tournament.ts'
import { allPages } from '../all-pages.ts'
import type { ContestDeps } from './contest-deps.ts'
import { findParticipants, findRunsByHotkey } from './find-participants.ts'
import { openTournament } from './open-tournament.ts'
import { promoteBaseline } from './promote-baseline.ts'
import { registerParticipant } from './register-participant.ts'
import { seedBaseline } from './seed-baseline.ts'
import { wasCancelled } from './set-tournament-status.ts'

const { shape } = tournamentSchema

const contextSchema = z.strictObject({
  name: shape.name,
  imageType: imageTypeSchema,
  /** First day of the competition; registration is the day before. */
  startDate: shape.competitionStart,
  days: shape.epochDays,
  testNetworks: shape.testNetworks,
  testWindowDays: shape.testWindowDays,
  datasetTransfers: shape.datasetTransfers,
  ruleSet: shape.ruleSet,
  timeLimitMs: shape.timeLimitMs,
  /** `active`: the version that is active, if there is one; a repository is made the active one first. */
  baseline: z.union([
    z.literal('active'),
    z.literal('none'),
    z.strictObject({ repository: repositoryUrlSchema, commit: commitSchema.nullable() }),
  ]),
  miners: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(255),
        hotkey: hotkeySchema,
        repository: repositoryUrlSchema,
        commit: commitSchema.nullable(),
      }),
    )
    .min(1)
    .max(1_000),
  isPromotionWanted: z.boolean(),
})
type WeekContext = z.infer<typeof contextSchema>

/** What a week works with. The seed is a secret until the end, so it is no part of the context, which is logged. */
export type WeekDeps = ContestDeps &
  Pick<BenchmarkDeps, 'source' | 'sandbox'> &
  Readonly<{ datasetSeed: string; isSeedDrawn: boolean }>

/**
 * A whole tournament in one go, on days of its own: registers the miners, runs all days, scores, ranks, and promotes the
 * winner where that is wanted. Killed anywhere, the same call goes on; done, it tells the same again.
 */
export const runWeek = defineTask({
  name: 'run-week',
  context: contextSchema,
  run: async (deps: WeekDeps, context, control): Promise<WeekReport> => {
    const { signal } = control
    const opened = await open(deps, context, control)
    const { tournamentId } = opened.tournament
    if (opened.tournament.status === 'cancelled') throw wasCancelled(opened.tournament)
    await advance(deps, opened.tournament, opened.tournament.registrationStart, control)
    const registration = await registerAll(deps, context, tournamentId, control)
    const wasRun = opened.tournament.status === 'scoring' || opened.tournament.status === 'completed'
    const days: string[] = wasRun ? [...competitionDays(opened.tournament)] : []
    let runs = 0
    const ran = new Set<string>()
    for (const today of competitionDays(opened.tournament)) {
      const { foundDone, days: now } = await advance(deps, opened.tournament, today, control)
      for (const { testDate } of now) ran.add(testDate)
      for (const day of foundDone) if (!days.includes(day) && !ran.has(day)) days.push(day)
      runs += now.reduce((sum, one) => sum + one.foundDone, 0)
    }
    const end = addDays(opened.tournament.competitionEnd, 1)
    const { tournament } = await advance(deps, opened.tournament, end, control)
    if (tournament.status === 'cancelled') throw wasCancelled(tournament)
    if (tournament.status !== 'completed') throw notCompleted(tournament)
    const promotion = context.isPromotionWanted ? await promote(deps, tournament, control) : null
    return {
      ...(await describe(deps, tournament, context, registration.unregistered, { signal })),
      promotion,
      found: { isTournamentNew: opened.isNew, participants: registration.found, days, runs },
    }
  },
})

async function open(
  deps: WeekDeps,
  context: WeekContext,
  control: TaskControl,
): Promise<{ tournament: Tournament; isNew: boolean }> {
  const before = await deps.repositories.tournaments.find(
    { tournamentId: tournamentIdOf(context) },
    { signal: control.signal },
  )
  const registration = addDays(context.startDate, -1)
  return await control.runNested(openTournament, deps, {
    name: context.name,
    imageType: context.imageType,
    registrationStart: registration,
    registrationEnd: registration,
    maxParticipants: context.miners.length,
    epochDays: context.days,
    testNetworks: context.testNetworks,
    testWindowDays: context.testWindowDays,
    datasetTransfers: context.datasetTransfers,
    ruleSet: context.ruleSet,
    timeLimitMs: context.timeLimitMs,
    // Whoever was the baseline when the week began stays it, whatever was promoted since.
    baselineId: before === null ? await baselineIdFor(deps, context, control) : before.baselineId,
  })
}

async function baselineIdFor(
  deps: WeekDeps,
  { baseline, imageType }: WeekContext,
  control: TaskControl,
): Promise<string | null> {
  if (baseline === 'none') return null
  if (baseline === 'active') {
    const active = await deps.repositories.baselines.findActive({ imageType }, { signal: control.signal })
    return active?.baselineId ?? null
  }
  const seed = { imageType, ...baseline, version: null, isReplacing: true }
  const seeded = await control.runNested(seedBaseline, deps, seed)
  if (seeded.isActive) return seeded.baseline.baselineId
  throw badBaseline(seeded.baseline.status, seeded.reason)
}

function badBaseline(status: BaselineStatus, reason: string): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `the baseline could not be made (${status}): ${reason}; correct its repository, or take --baseline none`,
  })
}

async function advance(
  deps: WeekDeps,
  { tournamentId }: Tournament,
  today: string,
  control: TaskControl,
): Promise<Awaited<ReturnType<(typeof advanceTournament)['run']>>> {
  return await control.runNested(advanceTournament, deps, { tournamentId, today })
}

async function registerAll(
  deps: WeekDeps,
  { miners, imageType }: WeekContext,
  tournamentId: string,
  control: TaskControl,
): Promise<{ found: number; unregistered: readonly UnregisteredMiner[] }> {
  const unregistered: UnregisteredMiner[] = []
  let found = 0
  for (const [at, { name, hotkey, repository, commit }] of miners.entries()) {
    control.progress({ stage: 'register', unit: 'miners', done: at, total: miners.length })
    const before = await deps.repositories.tournamentParticipants.find(
      { tournamentId, hotkey },
      { signal: control.signal },
    )
    if (before !== null) {
      found++
      continue
    }
    try {
      await control.runNested(addSubmission, deps, { hotkey, imageType, repository, commit })
      await control.runNested(registerParticipant, deps, { tournamentId, hotkey })
    } catch (error) {
      // Whose repository cannot be had, or who comes too late, does not stop the others.
      if (!isInputError(error)) throw error
      unregistered.push({ name, hotkey, reason: error.message })
    }
  }
  return { found, unregistered }
}

async function promote(deps: WeekDeps, { tournamentId }: Tournament, control: TaskControl): Promise<string> {
  const promoted = await control.runNested(promoteBaseline, deps, { tournamentId })
  if (!promoted.isPromoted) return `nobody was promoted: ${promoted.reason}`
  return `${promoted.baseline.originatedFromHotkey ?? ''} is baseline ${promoted.baseline.version} now`
}

async function describe(
  deps: WeekDeps,
  tournament: Tournament,
  { miners }: WeekContext,
  unregistered: readonly UnregisteredMiner[],
  options: Readonly<{ signal: AbortSignal }>,
): Promise<Omit<WeekReport, 'promotion' | 'found'>> {
  const { tournamentId } = tournament
  const participants = await findParticipants(deps, tournament, options)
  const runs = await findRunsByHotkey(deps, tournament, options)
  const results = await allPages((page) =>
    deps.repositories.tournamentResults.list({ tournamentId, ...page }, options),
  )
  const names = new Map(miners.map(({ hotkey, name }) => [hotkey, name]))
  return {
    tournamentId,
    name: tournament.name,
    sandbox: deps.sandbox.name,
    imageType: tournament.imageType,
    sandboxDescription: deps.sandbox.description,
    rows: weekRows(tournament, { participants, results, runs, names, unregistered }),
    winnerHotkey: tournament.winnerHotkey,
    isBaselineBeaten: tournament.isBaselineBeaten,
    datasetSeed: tournament.datasetSeed,
    seedSha256: tournament.seedSha256,
  }
}

function notCompleted({ name, status }: Tournament): StorageError {
  return new StorageError({ code: 'conflict', message: `tournament ${name} is ${status}: it cannot go on` })
}
