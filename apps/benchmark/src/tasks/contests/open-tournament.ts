import { createHash } from 'node:crypto'

import {
  BASELINE_HOTKEY,
  type Baseline,
  defineTask,
  InputError,
  type Tournament,
  type TournamentParticipant,
  tournamentSchema,
  uuidSchema,
} from '@subnetkit/core'
import { z } from 'zod'

import { tournamentIdOf } from '../../benchmark-ids.ts'
import { minerDatabaseName } from '../../miner-database-name.ts'
import { lockNames } from '../../ports/locks.ts'
import { getRuleSet } from '../../scoring/rule-sets.ts'
import { addDays } from '../../tournament/utc-days.ts'
import type { RecordDeps } from './contest-deps.ts'
import { withinLock } from '../within-lock.ts'

const { shape } = tournamentSchema

const contextSchema = z.strictObject({
  name: shape.name,
  imageType: shape.imageType,
  registrationStart: shape.registrationStart,
  registrationEnd: shape.registrationEnd,
  maxParticipants: shape.maxParticipants,
  epochDays: shape.epochDays,
  testNetworks: shape.testNetworks,
  testWindowDays: shape.testWindowDays,
  datasetTransfers: shape.datasetTransfers,
  ruleSet: shape.ruleSet,
  timeLimitMs: shape.timeLimitMs,
  /** The version that takes part; null for none. */
  baselineId: uuidSchema.nullable(),
})
type OpenContext = z.infer<typeof contextSchema>

/** The seed is a secret and therefore no part of the context, which is logged. */
interface SeedDeps {
  readonly datasetSeed: string
  /** True when the caller drew it: a tournament that is there already keeps its own. */
  readonly isSeedDrawn: boolean
}

/** A tournament, and whether it was there before. */
export interface OpenedTournament {
  readonly tournament: Tournament
  readonly isNew: boolean
}

/**
 * Makes a tournament in draft, with the baseline as its first participant; asked again with the same settings it is the same
 * one. The competition begins the day after registration ends.
 *
 * @throws InputError when its name is used with other settings, or the settings contradict each other.
 */
export const openTournament = defineTask({
  name: 'open-tournament',
  context: contextSchema,
  run: async (deps: RecordDeps & SeedDeps, context, { signal }): Promise<OpenedTournament> => {
    checkSettings(context)
    const tournamentId = tournamentIdOf(context)
    const { tournaments, tournamentParticipants, baselines } = deps.repositories
    return await withinLock(deps.locks, lockNames.tournament(tournamentId), signal, async (held) => {
      const options = { signal: held }
      const wanted = draftOf(tournamentId, context, deps)
      const before = await tournaments.find({ tournamentId }, options)
      if (before !== null) {
        checkSame(before, wanted, deps.isSeedDrawn)
        return { tournament: before, isNew: false }
      }
      // The participant first: without its tournament nobody sees it, and a retry writes both again.
      if (context.baselineId !== null) {
        const baseline = await baselines.get({ baselineId: context.baselineId }, options)
        await tournamentParticipants.put(
          { participant: baselineParticipant(wanted, baseline, deps) },
          options,
        )
      }
      await tournaments.put({ tournament: wanted }, options)
      return { tournament: wanted, isNew: true }
    })
  },
})

function draftOf(tournamentId: string, context: OpenContext, deps: RecordDeps & SeedDeps): Tournament {
  const competitionStart = addDays(context.registrationEnd, 1)
  return {
    ...context,
    tournamentId,
    competitionStart,
    competitionEnd: addDays(competitionStart, context.epochDays - 1),
    datasetSeed: deps.datasetSeed,
    seedSha256: createHash('sha256').update(deps.datasetSeed).digest('hex'),
    status: 'draft',
    currentDay: 0,
    winnerHotkey: null,
    isBaselineBeaten: false,
    cancelReason: null,
    createdAt: deps.clock.now(),
    completedAt: null,
  }
}

function checkSettings(context: OpenContext): void {
  getRuleSet(context.ruleSet)
  if (context.registrationEnd < context.registrationStart) {
    throw new InputError({
      field: 'registrationEnd',
      value: context.registrationEnd,
      problem: `is before ${context.registrationStart}, the start`,
      hint: 'end registration on its first day or later',
    })
  }
  for (const field of ['testNetworks', 'testWindowDays'] as const) {
    if (new Set<unknown>(context[field]).size === context[field].length) continue
    throw new InputError({
      field,
      value: context[field],
      problem: 'names one twice',
      hint: 'name each once',
    })
  }
}

const settings = [
  'registrationStart',
  'registrationEnd',
  'maxParticipants',
  'epochDays',
  'testNetworks',
  'testWindowDays',
  'datasetTransfers',
  'ruleSet',
  'timeLimitMs',
  'baselineId',
] as const satisfies readonly (keyof Tournament)[]

function checkSame(before: Tournament, wanted: Tournament, isSeedDrawn: boolean): void {
  const other = settings.find((name) => JSON.stringify(before[name]) !== JSON.stringify(wanted[name]))
  if (other === undefined && (isSeedDrawn || before.seedSha256 === wanted.seedSha256)) return
  const difference = other === undefined ? 'another seed' : `${other} ${JSON.stringify(before[other])}`
  throw new InputError({
    field: 'name',
    value: wanted.name,
    problem: `is a tournament of ${wanted.imageType} submissions already, with ${difference}`,
    hint: 'give the same settings to go on with it, or another name for a new one',
  })
}

function baselineParticipant(
  tournament: Tournament,
  baseline: Baseline,
  deps: RecordDeps,
): TournamentParticipant {
  const { imageType, tournamentId, createdAt } = tournament
  if (baseline.imageType !== imageType || baseline.status !== 'active') {
    throw new InputError({
      field: 'baselineId',
      value: baseline.baselineId,
      problem: `is ${baseline.version} for ${baseline.imageType} submissions, ${baseline.status}`,
      hint: 'take the active one: benchmark baseline list',
    })
  }
  return {
    tournamentId,
    hotkey: BASELINE_HOTKEY,
    participantType: 'baseline',
    registrationOrder: 0,
    repository: baseline.repository,
    commit: baseline.commit,
    minerDatabaseName: minerDatabaseName({
      prefix: deps.databasePrefix,
      imageType,
      hotkey: BASELINE_HOTKEY,
    }),
    baselineId: baseline.baselineId,
    status: 'registered',
    reason: null,
    disqualifiedOnDay: null,
    registeredAt: createdAt,
    updatedAt: createdAt,
  }
}
