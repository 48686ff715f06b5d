import type { FeatureColumns } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { detect } from '../detect.ts'
import { alertedAddresses } from '../test-support/alerted-addresses.ts'
import type { DetectionInput } from '../detection-input.ts'
import { everydayLife, handMadeInput } from '../test-support/hand-made-window.ts'

const base = handMadeInput(everydayLife(100))
const { addresses } = base.transfers

interface Person {
  readonly night: number
  readonly weekend?: number
  readonly transfers: number
  readonly spanDays: number
}

const usual: Person = { night: 0.25, weekend: 0.28, transfers: 14, spanDays: 28 }

/** Everybody is usual but the first address. */
function inputWith(first: Person): DetectionInput {
  const column = (valueOf: (person: Person) => number): Float64Array =>
    Float64Array.from(addresses, (_, place) => valueOf(place === 0 ? first : usual))
  const features: FeatureColumns = {
    addresses,
    values: {
      night_transaction_ratio: column(({ night }) => night),
      weekend_transaction_ratio: column(({ weekend = 0.28 }) => weekend),
      tx_total_count: column(({ transfers }) => transfers),
      self_transfer_count: column(() => 0),
      activity_span_days: column(({ spanDays }) => spanDays),
    },
  }
  return { ...base, features }
}

describe('TIME_BASED_PATTERN', () => {
  it.each([
    ['night', { night: 0.95, transfers: 20, spanDays: 6 }],
    ['weekend', { night: 0.25, weekend: 1, transfers: 20, spanDays: 6 }],
  ])('fires on an address that is active for days and by %s only', async (_, first) => {
    expect(await alertedAddresses('TIME_BASED_PATTERN', inputWith(first))).toEqual([addresses[0]])
  })

  it('raises one weak alert, not two, for the nights of a weekend', async () => {
    const { alerts } = await detect(inputWith({ night: 1, weekend: 1, transfers: 20, spanDays: 2 }))
    const own = alerts.filter(({ typologyType }) => typologyType === 'TIME_BASED_PATTERN')
    expect(own).toHaveLength(1)
    expect(own[0]?.alertConfidenceScore).toBeLessThan(0.3)
  })

  it.each([
    ['keeps it up all month, as in another time zone', { night: 0.95, transfers: 20, spanDays: 29 }],
    ['did little', { night: 1, transfers: 7, spanDays: 3 }],
    ['is awake more than others, not by night alone', { night: 0.55, transfers: 20, spanDays: 6 }],
  ])('leaves alone an address that %s', async (_, first) => {
    expect(await alertedAddresses('TIME_BASED_PATTERN', inputWith(first))).toEqual([])
  })

  it('finds nothing in a window where everybody is up at night', async () => {
    const input = inputWith({ night: 0.95, transfers: 20, spanDays: 6 })
    const night = new Float64Array(addresses.length).fill(0.9)
    const values = { ...input.features?.values, night_transaction_ratio: night }
    expect(
      await alertedAddresses('TIME_BASED_PATTERN', { ...input, features: { addresses, values } }),
    ).toEqual([])
  })

  it('says that it is off without features, and takes columns that lack names', async () => {
    const { notices } = await detect(base)
    expect(notices.map(({ detector }) => detector)).toContain('TIME_BASED_PATTERN')
    const empty = { ...base, features: { addresses, values: {} } }
    expect(await alertedAddresses('TIME_BASED_PATTERN', empty)).toEqual([])
  })
})
