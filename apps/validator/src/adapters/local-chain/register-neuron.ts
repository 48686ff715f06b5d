import { InputError, uint64Schema } from '@subnetkit/core'

import { checkHotkey } from '@subnetkit/core/ss58'
import { applied, refused, type Transition } from './chain-refusal.ts'
import { checkScore } from './check-score.ts'
import { uidOf, withNeuron, type LocalChainState, type LocalNeuron } from './local-chain-state.ts'

/** Somebody who comes into the subnet. */
export interface Newcomer {
  readonly hotkey: string
  readonly coldkey: string
  /** Rao. */
  readonly stake: bigint
  /** What an honest validator would find it worth, 0 to 1. */
  readonly score: number
}

/**
 * Registers at the state's block. A full subnet hands over the uid that {@link prunedUid} names, with nothing of what its
 * last holder had. @throws InputError for a hotkey or coldkey that is no SS58 address.
 */
export function registerNeuron(state: LocalChainState, newcomer: Newcomer): Transition {
  if (uidOf(state, newcomer.hotkey) !== null) return refused('HotKeyAlreadyRegisteredInSubNet')
  const neuron = newNeuron(newcomer, state.block)
  if (state.neurons.length < state.parameters.maxUids) {
    return applied(withScore({ ...state, neurons: [...state.neurons, neuron] }, newcomer))
  }
  const uid = prunedUid(state)
  return uid === null ? refused('NoNeuronIdAvailable') : applied(handOver(state, uid, newcomer))
}

/**
 * Takes a hotkey's uid away for a newcomer, whatever it earned: what else only a full subnet brings about. The owner's
 * hotkey stays. @throws InputError as {@link registerNeuron}.
 */
export function deregisterNeuron(
  state: LocalChainState,
  { hotkey, newcomer }: Readonly<{ hotkey: string; newcomer: Newcomer }>,
): Transition {
  const uid = uidOf(state, hotkey)
  if (uid === null) return refused('HotKeyNotRegisteredInSubNet')
  if (uidOf(state, newcomer.hotkey) !== null) return refused('HotKeyAlreadyRegisteredInSubNet')
  return hotkey === state.ownerHotkey
    ? refused('NoNeuronIdAvailable')
    : applied(handOver(state, uid, newcomer))
}

/** Stakes rao on a neuron; the next epoch decides by it who may validate. */
export function addStake(
  state: LocalChainState,
  { hotkey, amount }: Readonly<{ hotkey: string; amount: bigint }>,
): Transition {
  const uid = uidOf(state, hotkey)
  const neuron = uid === null ? undefined : state.neurons[uid]
  if (uid === null || neuron === undefined) return refused('HotKeyNotRegisteredInSubNet')
  if (amount <= 0n) {
    throw new InputError({
      field: 'amount',
      value: amount,
      problem: 'is nothing to stake',
      hint: 'give rao above 0',
    })
  }
  const stake = neuron.stake + amount
  checkStake(stake)
  return applied(withNeuron(state, uid, { stake }))
}

/**
 * Whose uid a full subnet hands over: the lowest emission, of equals the earliest registration, then the lower uid. Who
 * is immune goes only when nobody else may; the owner never. Null when nobody can go.
 */
export function prunedUid(state: LocalChainState): number | null {
  const { immunityPeriod, minNonImmuneUids } = state.parameters
  const candidates = [...state.neurons.entries()]
    .filter(([, { hotkey }]) => hotkey !== state.ownerHotkey)
    .sort(([a, left], [b, right]) => {
      if (left.emission !== right.emission) return left.emission < right.emission ? -1 : 1
      return left.registeredAt - right.registeredAt || a - b
    })
  const isImmune = ({ registeredAt }: LocalNeuron): boolean => state.block - registeredAt < immunityPeriod
  const free = candidates.filter(([, neuron]) => !isImmune(neuron))
  const immune = candidates.filter(([, neuron]) => isImmune(neuron))
  const [first] = free.length > minNonImmuneUids ? free : immune
  return first?.[0] ?? null
}

/** A neuron that has just come: no permit, weights or bonds, and active until an epoch says otherwise. */
export function newNeuron({ hotkey, coldkey, stake, score }: Newcomer, block: number): LocalNeuron {
  checkStake(stake)
  checkScore(hotkey, score)
  checkHotkey('hotkey', hotkey)
  checkHotkey('coldkey', coldkey)
  return {
    hotkey,
    coldkey,
    stake,
    hasPermit: false,
    isActive: true,
    lastUpdate: block,
    registeredAt: block,
    incentive: 0,
    dividends: 0,
    consensus: 0,
    validatorTrust: 0,
    emission: 0n,
    weights: { uids: [], values: [] },
    bonds: { uids: [], values: [] },
  }
}

function checkStake(stake: bigint): void {
  if (uint64Schema.safeParse(stake).success) return
  throw new InputError({
    field: 'stake',
    value: stake,
    problem: 'is no amount of rao',
    hint: 'give a whole number from 0 to 2^64 − 1',
  })
}

/** Weights on the uid stay as zeros, which is what the chain leaves of them; bonds on it are masked by its new age. */
function handOver(state: LocalChainState, uid: number, newcomer: Newcomer): LocalChainState {
  const neurons = state.neurons.map((neuron, at): LocalNeuron => {
    if (at === uid) return newNeuron(newcomer, state.block)
    const { uids, values } = neuron.weights
    if (!uids.includes(uid)) return neuron
    const cleared = values.map((value, index) => (uids[index] === uid ? 0 : value))
    return { ...neuron, weights: { uids, values: cleared } }
  })
  const { [state.neurons[uid]?.hotkey ?? '']: _gone, ...scores } = state.scores
  return withScore({ ...state, neurons, scores }, newcomer)
}

function withScore(state: LocalChainState, { hotkey, score }: Newcomer): LocalChainState {
  return { ...state, scores: { ...state.scores, [hotkey]: score } }
}
