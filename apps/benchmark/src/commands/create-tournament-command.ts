import { randomBytes } from 'node:crypto'

import { tournamentSchema, type UtcDate, utcDateSchema } from '@subnetkit/core'
import { defineCommand, numberFromText } from '@subnetkit/core/cli'
import { z } from 'zod'

import { openTournament } from '../tasks/contests/open-tournament.ts'
import { addDays } from '../tournament/utc-days.ts'
import { examplesText } from './command-group.ts'
import { contestFlags, contestFlagsSchema } from './contest-flags.ts'
import { shownTournament, tournamentText } from './tournament-text.ts'
import { withRecords } from './with-records.ts'

const REGISTRATION_DAYS = 7

const optionsSchema = contestFlagsSchema.extend({
  registrationStart: utcDateSchema.optional(),
  registrationEnd: utcDateSchema.optional(),
  maxParticipants: numberFromText(tournamentSchema.shape.maxParticipants),
  baseline: z.boolean().default(true),
})

const examples = examplesText(
  [
    'tournament create --name "August 2025"',
    'tournament create --name "August 2025" --registration-start 2025-08-01 --registration-end 2025-08-07 --max-participants 20',
    'tournament create --name tiny --networks torus --windows 30 --days 2 --transfers 10000 --no-baseline',
  ],
  'The competition begins the day after registration ends. The seed stays secret until the tournament is over; its SHA-256 is\npublic from the start.',
)

/** `benchmark tournament create`. */
export const createTournamentCommand = defineCommand({
  name: 'create',
  description: 'make a tournament in draft; with the same settings it is the same one',
  options: optionsSchema,
  flags: (command) => {
    contestFlags(command)
    command
      .option('--registration-start <YYYY-MM-DD>', 'first day of registration; default: today, UTC')
      .option(
        '--registration-end <YYYY-MM-DD>',
        `last day; default: ${REGISTRATION_DAYS} days after the first`,
      )
      .option('--max-participants <n>', 'places for miners; the baseline takes none', '10')
      .option('--no-baseline', 'no baseline takes part: any score above 0 can win')
      .addHelpText('after', examples)
  },
  run: async (options, session) =>
    await withRecords(session, { needs: ['writer'] }, async ({ benchmark: { deps, clock }, perform }) => {
      const { imageType } = options
      const today: UtcDate = utcDateSchema.parse(clock.now().toISOString().slice(0, 10))
      const registrationStart = options.registrationStart ?? today
      const active = await deps.repositories.baselines.findActive({ imageType }, { signal: session.signal })
      const seed = {
        datasetSeed: options.seed ?? randomBytes(24).toString('hex'),
        isSeedDrawn: options.seed === undefined,
      }
      const { tournament, isNew } = await perform(
        openTournament,
        { ...deps, ...seed },
        {
          name: options.name,
          imageType,
          registrationStart,
          registrationEnd: options.registrationEnd ?? addDays(registrationStart, REGISTRATION_DAYS),
          maxParticipants: options.maxParticipants,
          epochDays: options.days,
          testNetworks: options.networks,
          testWindowDays: options.windows,
          datasetTransfers: options.transfers,
          ruleSet: options.ruleSet,
          timeLimitMs: Math.round(options.timeLimit * 1_000),
          baselineId: options.baseline ? (active?.baselineId ?? null) : null,
        },
      )
      return {
        value: { isNew, tournament: shownTournament(tournament) },
        text: `${isNew ? 'Made' : 'Already there:'} ${tournamentText(tournament, [], [])}`,
      }
    }),
})
