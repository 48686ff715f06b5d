import { type Decimal, decimalSchema } from '@subnetkit/core'

const MICRO = 1_000_000n

/** Millionths of a dollar as an exact decimal with up to six places: 1500000n is `1.5`. */
export function decimalOfMicroUsd(micro: bigint): Decimal {
  const magnitude = micro < 0n ? -micro : micro
  const fraction = `${magnitude % MICRO}`.padStart(6, '0').replace(/0+$/, '')
  const sign = micro < 0n ? '-' : ''
  return decimalSchema.parse(`${sign}${magnitude / MICRO}${fraction === '' ? '' : `.${fraction}`}`)
}
