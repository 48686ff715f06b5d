import { InputError } from '@subnetkit/core'

import type { EpochParameters } from './epoch-parameters.ts'
import type { SubnetState, U16Row } from './subnet-state.ts'

const U16_MAX = 65_535

/** With more uids than this a sum could leave the range in which fixed-point numbers are exact here. */
const MAX_UIDS = 4_096

/**
 * Refuses what the chain could not hold, by name, before anything is computed with it.
 *
 * @throws InputError
 */
export function checkEpochInput(
  state: SubnetState,
  parameters: EpochParameters,
  weights: readonly U16Row[],
  block: number,
): void {
  const size = state.neurons.length
  if (size > MAX_UIDS) refuse('neurons', size, `are more than ${MAX_UIDS}`, 'split the subnet')
  checkWhole('block', block, Number.MAX_SAFE_INTEGER)
  checkParameters(parameters)
  if (state.ownerUid !== null) checkWhole('ownerUid', state.ownerUid, size - 1)
  for (const [uid, { stake, lastUpdate, registeredAt, commitBlock }] of state.neurons.entries()) {
    if (stake < 0n) refuse(`stake of uid ${uid}`, stake, 'is below zero', 'give 0 or more')
    checkWhole(`lastUpdate of uid ${uid}`, lastUpdate, Number.MAX_SAFE_INTEGER)
    checkWhole(`registeredAt of uid ${uid}`, registeredAt, Number.MAX_SAFE_INTEGER)
    if (commitBlock !== null) checkWhole(`commitBlock of uid ${uid}`, commitBlock, Number.MAX_SAFE_INTEGER)
  }
  checkRows('weights', weights, size)
  checkRows('bonds', state.bonds, size)
}

function checkParameters(parameters: EpochParameters): void {
  checkWhole('kappa', parameters.kappa, U16_MAX)
  checkWhole('bondsMovingAverage', parameters.bondsMovingAverage, 1_000_000)
  checkWhole('bondsPenalty', parameters.bondsPenalty, U16_MAX)
  checkWhole('maxValidators', parameters.maxValidators, U16_MAX)
  checkWhole('tempo', parameters.tempo, U16_MAX)
  checkWhole('activityCutoff', parameters.activityCutoff, Number.MAX_SAFE_INTEGER)
  if (parameters.emission < 0n) refuse('emission', parameters.emission, 'is below zero', 'give 0 or more')
  if (parameters.liquidAlpha === null) return
  const { low, high, steepness } = parameters.liquidAlpha
  checkWhole('liquidAlpha.high', high, U16_MAX)
  checkWhole('liquidAlpha.low', low, high)
  checkWhole('liquidAlpha.steepness', steepness, 32_767)
}

function checkRows(name: string, rows: readonly U16Row[], size: number): void {
  if (rows.length > size)
    refuse(name, rows.length, `are rows for more than ${size} uids`, 'give one row per uid')
  for (const [uid, { uids, values }] of rows.entries()) {
    const field = `${name} of uid ${uid}`
    if (uids.length !== values.length) {
      refuse(field, values.length, `are values for ${uids.length} uids`, 'give as many values as uids')
    }
    let previous = -1
    for (let at = 0; at < uids.length; at += 1) {
      const target = uids[at] ?? Number.NaN
      const value = values[at] ?? Number.NaN
      // Messages are only built for what is wrong: there may be a million entries.
      if (!(isWhole(target, size - 1) && target > previous && isWhole(value, U16_MAX))) {
        refuseEntry(field, at, target, previous, size)
        checkWhole(`${field} on uid ${target}`, value, U16_MAX)
      }
      previous = target
    }
  }
}

function refuseEntry(field: string, at: number, target: number, previous: number, size: number): void {
  const name = `${field}, target ${at}`
  checkWhole(name, target, size - 1)
  if (target === previous) refuse(name, target, 'stands twice', 'give each uid once')
  if (target < previous) refuse(name, target, 'is out of order', 'let uids ascend')
}

function isWhole(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max
}

function checkWhole(field: string, value: number, max: number): void {
  if (isWhole(value, max)) return
  const shown = Number.isFinite(value) ? value : String(value)
  refuse(field, shown, 'is not possible', `give a whole number from 0 to ${max}`)
}

function refuse(field: string, value: unknown, problem: string, hint: string): never {
  throw new InputError({ field, value, problem, hint })
}
