import { InputError, parseInput } from '@subnetkit/core'
import { z } from 'zod'

import { DEFAULT_LIQUID_ALPHA } from './epoch-parameters.ts'

const uid = z.int().min(0).max(4_095)
const u16 = z.int().min(0).max(65_535)
const rao = z.union([
  z.int().min(0).transform(BigInt),
  z
    .string()
    .regex(/^\d{1,20}$/, 'must be a whole number of rao')
    .transform(BigInt),
])

const neuronSchema = z.strictObject({ uid, stake: rao.default(0n) })

const parametersSchema = z.strictObject({
  yuma: z.union([z.literal(2), z.literal(3)]).exactOptional(),
  kappa: u16.exactOptional(),
  bondsMovingAverage: z.int().min(0).max(1_000_000).exactOptional(),
  bondsPenalty: u16.exactOptional(),
  liquidAlpha: z
    .strictObject({
      low: u16.default(DEFAULT_LIQUID_ALPHA.low),
      high: u16.default(DEFAULT_LIQUID_ALPHA.high),
      steepness: z.int().min(0).max(32_767).default(DEFAULT_LIQUID_ALPHA.steepness),
    })
    .nullable()
    .exactOptional(),
  maxValidators: u16.exactOptional(),
  tempo: u16.exactOptional(),
  activityCutoff: z.int().min(0).exactOptional(),
  minStake: rao.exactOptional(),
  isOwnerExempt: z.boolean().exactOptional(),
  emission: rao.exactOptional(),
})

const eventSchema = z.strictObject({
  /** Counted from 0; the event happens just before this epoch runs. */
  epoch: z.int().min(0),
  /** New weights, on any scale from 0 to 65,535; they stay until the validator sets others. */
  weights: z
    .array(
      z.strictObject({
        validator: uid,
        on: z.array(z.tuple([uid, z.number().min(0).max(65_535)])),
      }),
    )
    .default([]),
  stakes: z.array(neuronSchema).default([]),
  /** Newcomers: they take a uid from whoever had it, or the next free one. */
  register: z.array(neuronSchema).default([]),
  /** Uids that lose their stake, weights and bonds, and all weight upon them. */
  deregister: z.array(uid).default([]),
  /** Validators that stop sending their weights again each epoch, until they set new ones. */
  silence: z.array(uid).default([]),
})

const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(100),
  about: z.string().max(1_000).default(''),
  /** How many epochs to run. */
  epochs: z.int().min(1).max(100_000),
  parameters: parametersSchema.default({}),
  owner: uid.nullable().default(null),
  neurons: z.array(neuronSchema).min(1).max(4_096),
  events: z.array(eventSchema).default([]),
})

/** A course of epochs for the simulator: who has how much stake, and what happens when. */
export type Scenario = z.infer<typeof scenarioSchema>

/** What happens just before one epoch. */
export type ScenarioEvent = z.infer<typeof eventSchema>

/** A scenario as it is written, with defaults left out. */
export type ScenarioInput = z.input<typeof scenarioSchema>

/**
 * Reads a scenario from outside; `source` names it in messages. Beyond its shape, uids must be complete, each once, and
 * known where they are used, and somebody must have stake.
 *
 * @throws InputError
 */
export function parseScenario(value: unknown, source: string): Scenario {
  const scenario = parseInput(scenarioSchema, value, { subject: source })
  const known = new Set<number>()
  addUids(`${source}: neurons`, scenario.neurons, known)
  for (let expected = 0; expected < known.size; expected += 1) {
    if (!known.has(expected)) {
      const hint = `give the uids 0 to ${known.size - 1}, a stake of 0 for those without`
      throw new InputError({ field: `${source}: neurons`, value: expected, problem: 'is missing', hint })
    }
  }
  requireKnown(`${source}: owner`, scenario.owner === null ? [] : [scenario.owner], known)
  const events = [...scenario.events].sort((a, b) => a.epoch - b.epoch)
  for (const event of events) checkEvent(`${source}: event at epoch ${event.epoch}`, event, known)
  const hasStake = [scenario.neurons, ...events.flatMap(({ stakes, register }) => [stakes, register])]
  if (!hasStake.flat().some(({ stake }) => stake > 0n)) {
    const hint = 'give at least one neuron a stake above 0'
    throw new InputError({ field: `${source}: neurons`, problem: 'have no stake at all', hint })
  }
  return { ...scenario, events }
}

function checkEvent(field: string, event: ScenarioEvent, known: Set<number>): void {
  addUids(`${field}: register`, event.register, known, known.size)
  requireUnique(
    `${field}: stakes`,
    event.stakes.map((neuron) => neuron.uid),
  )
  requireUnique(
    `${field}: weights`,
    event.weights.map(({ validator }) => validator),
  )
  requireKnown(
    `${field}: stakes`,
    event.stakes.map((neuron) => neuron.uid),
    known,
  )
  requireKnown(`${field}: deregister`, event.deregister, known)
  requireKnown(`${field}: silence`, event.silence, known)
  for (const { validator, on } of event.weights) {
    const targets = on.map(([target]) => target)
    requireKnown(`${field}: weights`, [validator], known)
    requireKnown(`${field}: weights of validator ${validator}`, targets, known)
    requireUnique(`${field}: weights of validator ${validator}`, targets)
  }
}

/** Adds uids that come in together; `next`, where given, is the only new one that may follow. */
function addUids(
  field: string,
  neurons: readonly { uid: number }[],
  known: Set<number>,
  next: number | null = null,
): void {
  const uids = neurons.map((neuron) => neuron.uid)
  requireUnique(field, uids)
  let free = next
  for (const added of uids) {
    if (free !== null && added > free) {
      const hint = `take one that exists, or ${free}, which is the next`
      throw new InputError({ field, value: added, problem: 'is not the next free uid', hint })
    }
    if (added === free) free += 1
    known.add(added)
  }
}

function requireUnique(field: string, uids: readonly number[]): void {
  const twice = uids.find((value, at) => uids.indexOf(value) !== at)
  if (twice === undefined) return
  throw new InputError({
    field,
    value: twice,
    problem: 'is a uid that stands twice',
    hint: 'give each uid once',
  })
}

function requireKnown(field: string, uids: readonly number[], known: ReadonlySet<number>): void {
  const unknown = uids.find((value) => !known.has(value))
  if (unknown === undefined) return
  const hint = `use 0 to ${known.size - 1}, or register it first`
  throw new InputError({ field, value: unknown, problem: 'is a uid that nobody has', hint })
}
