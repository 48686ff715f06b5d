import { type CycleWeight, InputError } from '@subnetkit/core'

import type { Hyperparameters, Metagraph, MetagraphNeuron, WeightVector } from '../ports/chain.ts'
import { convertWeightsAndUidsForEmit, MAX_WEIGHT } from '../weights/emit-weights.ts'
import { processWeights } from '../weights/process-weights.ts'
import type { SubmissionSettings } from './submission-settings.ts'

/** A share of all weight, by hotkey. */
export type HotkeyShare = Pick<CycleWeight, 'hotkey' | 'weight'>

/** Why a hotkey gets less than the rule gave it. */
export type HeldBack = 'not_registered' | 'own' | 'owner' | 'validator'

/** What a vector is made of. */
export interface ResolveVectorParams {
  /** What the rule gave, by hotkey; they sum to one, or to nothing when nobody earned any. */
  readonly shares: readonly HotkeyShare[]
  /** Share that is burnt, in [0, 1]. */
  readonly burn: number
  readonly validatorHotkey: string
  readonly metagraph: Metagraph
  readonly hyperparameters: Pick<Hyperparameters, 'minAllowedWeights' | 'maxWeightLimit' | 'activityCutoff'>
  readonly settings: Pick<SubmissionSettings, 'burnTo' | 'payOwner' | 'payValidators'>
}

/** A vector ready to be sent, and what became of each share. */
export interface ResolvedVector {
  readonly vector: WeightVector
  /** In the order of uids: everybody who is sent weight; weights sum to one. */
  readonly weights: readonly CycleWeight[]
  readonly heldBack: ReadonlyMap<string, HeldBack>
}

/**
 * Finds the uids of hotkeys at the last moment, holds back what must not be paid, and adds the burn. What is held back
 * goes to the others in proportion; when nobody is left to pay, all of it is burnt.
 *
 * @throws InputError when there is nothing to send: no share, and no burn; or when the burn has nowhere to go.
 */
export function resolveVector(params: ResolveVectorParams): ResolvedVector {
  const { metagraph, settings, shares, hyperparameters } = params
  const neurons = new Map(metagraph.neurons.map((neuron) => [neuron.hotkey, neuron]))
  const size = metagraph.neurons.length
  const heldBack = new Map<string, HeldBack>()
  const dense = new Float64Array(size)
  let paid = 0
  for (const { hotkey, weight } of shares) {
    if (!(weight > 0)) continue
    const neuron = neurons.get(hotkey)
    const reason = neuron === undefined ? 'not_registered' : reasonOf(neuron, params)
    if (neuron === undefined || reason !== null) {
      heldBack.set(hotkey, reason ?? 'not_registered')
      continue
    }
    dense[neuron.uid] = weight
    paid += weight
  }
  const hasShares = shares.some(({ weight }) => weight > 0)
  if (!hasShares && params.burn === 0) throw nothingToSend()
  const burn = paid > 0 ? params.burn : 1
  for (let uid = 0; uid < size; uid += 1) dense[uid] = paid > 0 ? ((dense[uid] ?? 0) / paid) * (1 - burn) : 0
  if (burn > 0) {
    const uid = burnUid(metagraph, neurons, settings.burnTo)
    dense[uid] = (dense[uid] ?? 0) + burn
  }
  return { ...emit(dense, metagraph, hyperparameters), heldBack }
}

function reasonOf(neuron: MetagraphNeuron, params: ResolveVectorParams): HeldBack | null {
  const { metagraph, settings, hyperparameters, validatorHotkey } = params
  if (neuron.hotkey === validatorHotkey) return 'own'
  if (!settings.payOwner && neuron.hotkey === metagraph.ownerHotkey) return 'owner'
  if (settings.payValidators) return null
  const setsWeights =
    neuron.hasPermit &&
    neuron.lastUpdate > neuron.registeredAt &&
    metagraph.blockNumber - neuron.lastUpdate < hyperparameters.activityCutoff
  return setsWeights ? 'validator' : null
}

function burnUid(
  { ownerHotkey, netuid }: Metagraph,
  neurons: ReadonlyMap<string, MetagraphNeuron>,
  burnTo: string,
): number {
  const hotkey = burnTo === 'owner' ? ownerHotkey : burnTo
  const uid = hotkey === null ? undefined : neurons.get(hotkey)?.uid
  if (uid !== undefined) return uid
  throw new InputError({
    field: 'weights.submission: burnTo',
    value: burnTo,
    problem: `is no neuron of subnet ${netuid}, so the burnt share has nowhere to go`,
    hint: 'name a hotkey that is registered there',
  })
}

/** Fits the weights to the subnet's limits as the SDK does where they ask for it, and rounds them as the chain takes them. */
function emit(
  dense: Float64Array,
  metagraph: Metagraph,
  limits: ResolveVectorParams['hyperparameters'],
): Omit<ResolvedVector, 'heldBack'> {
  const size = dense.length
  const minAllowedWeights = Math.min(limits.minAllowedWeights, size)
  const used = dense.filter((weight) => weight > 0).length
  const everyone = Array.from({ length: size }, (_, uid) => uid)
  const isFit = used >= minAllowedWeights && limits.maxWeightLimit === MAX_WEIGHT
  const { uids, weights } = isFit
    ? { uids: everyone, weights: dense }
    : processWeights(everyone, dense, {
        size,
        minAllowedWeights,
        maxWeightLimit: limits.maxWeightLimit / MAX_WEIGHT,
      })
  const vector = convertWeightsAndUidsForEmit(uids, weights)
  const values = new Map(vector.uids.map((uid, at) => [uid, vector.values[at] ?? 0]))
  return {
    vector,
    weights: uids.flatMap((uid, at) => {
      const value = values.get(uid)
      const neuron = metagraph.neurons[uid]
      if (value === undefined || neuron === undefined) return []
      return [{ hotkey: neuron.hotkey, weight: Math.min(1, weights[at] ?? 0), uid, value }]
    }),
  }
}

function nothingToSend(): InputError {
  return new InputError({
    field: 'weights',
    problem: 'are all zero: nobody earned any, and nothing is to be burnt',
    hint: 'wait for scores, or set scoring.burn',
  })
}
