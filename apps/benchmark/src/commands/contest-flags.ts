import {
  imageTypes,
  imageTypeSchema,
  InputError,
  networkSchema,
  type Tournament,
  tournamentSchema,
  utcDateSchema,
  uuidSchema,
  windowDaysSchema,
} from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

import type { BenchmarkRepositories } from '../benchmark-deps.ts'
import { tournamentIdOf } from '../benchmark-ids.ts'
import { sandboxKinds } from '../compose.ts'

const { shape } = tournamentSchema

/** A list with commas. */
function listed<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(item).min(1))
}

/** The schema of {@link contestFlags}. */
export const contestFlagsSchema = z.strictObject({
  name: shape.name,
  imageType: imageTypeSchema,
  days: numberFromText(shape.epochDays),
  networks: listed(networkSchema),
  windows: listed(numberFromText(windowDaysSchema)),
  transfers: numberFromText(shape.datasetTransfers),
  ruleSet: shape.ruleSet,
  timeLimit: numberFromText(z.number().min(0.1).max(86_400)),
  seed: shape.datasetSeed.optional(),
})

/** Adds what decides a contest: its name, worlds, rules and limits. */
export function contestFlags(command: Command): void {
  command
    .requiredOption('--name <text>', 'its name; one name is one tournament of a type')
    .option('--image-type <type>', imageTypes.join(' or '), 'analytics')
    .option('--days <n>', 'days of the competition, 1 to 255', '7')
    .option('--networks <names>', 'networks, with commas', 'torus,bittensor')
    .option('--windows <days>', 'lengths of the observed windows in days, with commas', '30,90')
    .option('--transfers <n>', 'transfers of each dataset, 1000 to 10000000', '100000')
    .option('--rule-set <name>', 'how runs are paid: epoch, successor', 'epoch')
    .option('--time-limit <seconds>', 'time that one run may take', '600')
    .option('--seed <text>', 'decides all datasets; whoever knows it knows the truth. Drawn when absent')
}

/** The schema of {@link sandboxFlags}. */
export const sandboxFlagsShape = {
  sandbox: z.enum(sandboxKinds),
  workers: numberFromText(z.int().min(1).max(64)).optional(),
  allowLocal: z.boolean().default(false),
}

/** Adds where submissions are run; commands that do one run at most have no workers. */
export function sandboxFlags(
  command: Command,
  { hasWorkers = true }: Readonly<{ hasWorkers?: boolean }> = {},
): void {
  command.option('--sandbox <kind>', sandboxKinds.join(', '), 'auto')
  if (hasWorkers)
    command.option(
      '--workers <n>',
      'runs at once; more than one makes each slower, and time is part of the score',
    )
  command.option('--allow-local', 'clone file:// repositories of this machine too')
}

/** The schema of {@link tournamentArgument}. */
export const tournamentArgumentShape = { tournament: z.string().min(1).max(64), imageType: imageTypeSchema }

/** Adds the tournament that a command is about: by id, or by name with its type. */
export function tournamentArgument(command: Command): void {
  command
    .argument('<tournament>', 'its id, or its name')
    .option(
      '--image-type <type>',
      `type of a tournament given by name: ${imageTypes.join(' or ')}`,
      'analytics',
    )
}

/**
 * The tournament that was given by id or name.
 *
 * @throws InputError that tells what the person typed, when there is none.
 */
export async function findNamedTournament(
  { tournaments }: Pick<BenchmarkRepositories, 'tournaments'>,
  { tournament, imageType }: Readonly<{ tournament: string; imageType: Tournament['imageType'] }>,
  signal: AbortSignal,
): Promise<Tournament> {
  const isId = uuidSchema.safeParse(tournament).success
  if (!isId && !shape.name.safeParse(tournament).success) {
    throw unknownTournament(tournament, 'is neither an id nor a name')
  }
  const tournamentId = isId ? tournament : tournamentIdOf({ name: tournament, imageType })
  const found = await tournaments.find({ tournamentId }, { signal })
  if (found !== null) return found
  const where = isId ? '' : ` among tournaments of ${imageType} submissions`
  throw unknownTournament(tournament, `is not known${where}`, isId ? '' : ', or say its --image-type')
}

function unknownTournament(tournament: string, problem: string, more = ''): InputError {
  const hint = `take one from benchmark tournament list${more}`
  return new InputError({ field: '<tournament>', value: tournament, problem, hint })
}

/** The schema of {@link dayFlags}. */
export const dayFlagsShape = { imageType: imageTypeSchema, date: utcDateSchema.optional() }

/** Adds what a day of all submissions of a type is told by. */
export function dayFlags(command: Command): void {
  command
    .option('--image-type <type>', imageTypes.join(' or '), 'analytics')
    .option('--date <YYYY-MM-DD>', 'the day; default: today, UTC')
}
