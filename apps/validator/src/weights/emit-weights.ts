import { InputError } from '@subnetkit/core'

/** The largest weight that the chain knows. */
export const MAX_WEIGHT = 65_535

/** Weights as an extrinsic carries them: entry i of both belongs together. */
export interface EmittedWeights {
  readonly uids: readonly number[]
  /** 1 to 65535; the largest is 65535. */
  readonly values: readonly number[]
}

/** Rounds to the nearest whole number, halves to the even one, as Python does; `value` must not be negative. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest > 0.5 ? floor + 1 : floor
  return floor % 2 === 0 ? floor : floor + 1
}

/** Weights scaled so that the largest is 65535, in the order given; all zero stays all zero. */
export function emittedWeights(weights: ArrayLike<number>): Uint16Array {
  const emitted = new Uint16Array(weights.length)
  let most = 0
  for (let at = 0; at < weights.length; at += 1) most = Math.max(most, weights[at] ?? 0)
  if (!(most > 0)) return emitted
  for (let at = 0; at < weights.length; at += 1) {
    emitted[at] = roundHalfEven(((weights[at] ?? 0) / most) * MAX_WEIGHT)
  }
  return emitted
}

/**
 * What goes to the chain: max-upscaled, zeros left out, order kept; nothing when all weights are zero.
 * @throws InputError for a negative or non-finite weight, a uid that is none, or lists of different lengths.
 */
export function convertWeightsAndUidsForEmit(
  uids: ArrayLike<number>,
  weights: ArrayLike<number>,
): EmittedWeights {
  checkWeights(weights)
  checkUids(uids, weights.length)
  const emitted = emittedWeights(weights)
  const kept = Array.from(emitted, (value, at) => ({ uid: uids[at] ?? 0, value })).filter(
    ({ value }) => value > 0,
  )
  return { uids: kept.map(({ uid }) => uid), values: kept.map(({ value }) => value) }
}

function checkUids(uids: ArrayLike<number>, expected: number): void {
  if (uids.length !== expected) {
    throw new InputError({
      field: 'uids',
      value: uids.length,
      problem: `are not as many as the ${expected} weights`,
      hint: 'give one uid per weight',
    })
  }
  for (const [at, uid] of Array.from(uids).entries()) {
    if (Number.isInteger(uid) && uid >= 0) continue
    throw new InputError({
      field: `uids[${at}]`,
      value: uid,
      problem: 'is not a uid',
      hint: 'give whole numbers from 0',
    })
  }
}

/** @throws InputError naming the first weight that is negative or not finite. */
export function checkWeights(weights: ArrayLike<number>): void {
  for (const [at, weight] of Array.from(weights).entries()) {
    if (Number.isFinite(weight) && weight >= 0) continue
    throw new InputError({
      field: `weights[${at}]`,
      value: String(weight),
      problem: 'is not a weight',
      hint: 'give finite numbers that are not negative',
    })
  }
}

/** The way back: emitted values as weights of `size` uids that sum to one; all zero when nothing was emitted. @throws InputError for a uid outside. */
export function weightsFromEmitted(size: number, { uids, values }: EmittedWeights): Float64Array {
  checkWeights(values)
  checkUids(uids, values.length)
  const weights = new Float64Array(size)
  for (const [at, uid] of uids.entries()) {
    if (uid >= size) {
      throw new InputError({
        field: `uids[${at}]`,
        value: uid,
        problem: 'is not on the subnet',
        hint: `use 0 to ${size - 1}`,
      })
    }
    weights[uid] = values[at] ?? 0
  }
  const sum = values.reduce((total, value) => total + value, 0)
  return sum > 0 ? weights.map((weight) => weight / sum) : weights
}

const FRACTION = 2n ** 32n

/**
 * What the chain stores of submitted values: the largest becomes 65535, in the chain's own fixed point (32 fraction bits,
 * products and quotients cut off), rounded half away from zero. So 20000 of 40000 is 32767, not 32768.
 * @throws InputError for a negative or non-finite value.
 */
export function chainMaxUpscale(values: ArrayLike<number>): Uint16Array {
  checkWeights(values)
  const fixed = Array.from(values, (value) => BigInt(Math.floor(value * Number(FRACTION))))
  const most = fixed.reduce((max, value) => (value > max ? value : max), 0n)
  const full = BigInt(MAX_WEIGHT) * FRACTION
  const scaled = (value: bigint): bigint =>
    most > 32_768n * FRACTION
      ? (value * ((full * FRACTION) / most)) / FRACTION
      : (((value * full) / FRACTION) * FRACTION) / most
  return Uint16Array.from(fixed, (value) =>
    most === 0n ? 0 : Number((scaled(value) + FRACTION / 2n) / FRACTION),
  )
}
