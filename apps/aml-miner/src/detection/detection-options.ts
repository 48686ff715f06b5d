import { InputError } from '@subnetkit/core'
import { z } from 'zod'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const milliseconds = z.int().min(1)
const chance = z.number().positive().max(1)

const detectionOptionsSchema = z.strictObject({
  /** Longest time that money may rest on an address and still count as passed through. @default 2 days */
  maxRestMs: milliseconds,
  /** Longest time that funds may rest before a fan-out, or a collected sum before it moves on. @default 5 days */
  maxFanRestMs: milliseconds,
  /** Longest gap between transfers of one pair that still make up one payment. @default 12 hours */
  mergeGapMs: milliseconds,
  /** Smallest share of a sum that must go on for a hop to preserve value; ignored without amounts. @default 0.9 */
  minPassedShare: z.number().min(0).max(1),
  /** Fewest payments of a layering path. @default 3 */
  minPathPayments: z.int().min(2),
  /** Longest cycle that is searched, in payments. @default 8 */
  maxCyclePayments: z.int().min(3).max(32),
  /** Windows in which bursts are looked for, ascending. @default 1, 3, 6, 12, 24 and 72 hours */
  burstWindowsMs: z.array(milliseconds).min(1).max(8),
  /** Fewest distinct counterparties of a fan-in or fan-out. @default 5 */
  minFanCounterparties: z.int().min(2),
  /** Fewest mules between one sender and one receiver. @default 3 */
  minMules: z.int().min(2),
  /**
   * Sums in US dollars from which identification or a report is due somewhere; structuring stays just below one.
   * @default 1,000, 2,000, 3,000, 5,000 and 10,000
   */
  reportingThresholdsUsd: z.array(z.number().positive()).min(1).max(16),
  /** A pattern is reported when chance alone would give at most this many like it. @default 0.01 */
  maxExpectedByChance: chance,
  /** A hub has more distinct counterparties than this many times the median … @default 8 */
  hubTimesMedian: z.number().positive(),
  /** … and than this. Hubs are never a step of a flow. @default 40 */
  minHubDegree: z.int().min(2),
  /** Most PROXIMITY_RISK alerts per address of a sure pattern. @default 2.5 */
  maxProximityPerSuspect: z.number().min(0).max(10),
  /**
   * Suspects of different patterns must trade with each other this many times as often as chance, three standard
   * deviations taken off. @default 1.15
   */
  minProximityLift: z.number().positive(),
  /** Where more of all pairs than this pay several times a day, cutting up is a habit and no sign. @default 0.02 */
  maxUsualSplitShare: chance,
  /** Share of the cut-up payments reported that may be chance. @default 0.05 */
  maxFalseSplitShare: chance,
  /** Most alerts of one typology on one address. @default 2 */
  maxAlertsPerAddressAndTypology: z.int().min(1),
  /** Steps that one detector may take, per transfer of the window. @default 64 */
  workPerTransfer: z.int().min(1),
})

/** Every knob of {@link detect}. One set of defaults serves every network. */
export type DetectionOptions = Readonly<z.infer<typeof detectionOptionsSchema>>

/** The defaults, documented at each field of {@link DetectionOptions}. */
export const detectionDefaults: DetectionOptions = Object.freeze({
  maxRestMs: 2 * DAY_MS,
  maxFanRestMs: 5 * DAY_MS,
  mergeGapMs: 12 * HOUR_MS,
  minPassedShare: 0.9,
  minPathPayments: 3,
  maxCyclePayments: 8,
  burstWindowsMs: [HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 3 * DAY_MS],
  minFanCounterparties: 5,
  minMules: 3,
  reportingThresholdsUsd: [1_000, 2_000, 3_000, 5_000, 10_000],
  maxExpectedByChance: 0.01,
  hubTimesMedian: 8,
  minHubDegree: 40,
  maxProximityPerSuspect: 2.5,
  maxUsualSplitShare: 0.02,
  maxFalseSplitShare: 0.05,
  minProximityLift: 1.15,
  maxAlertsPerAddressAndTypology: 2,
  workPerTransfer: 64,
})

/** Fills in the defaults; an unknown or impossible option throws an InputError that names it. */
export function parseDetectionOptions(given: Partial<DetectionOptions> = {}): DetectionOptions {
  const parsed = detectionOptionsSchema.safeParse({ ...detectionDefaults, ...given })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InputError({
    field: `detection options: ${issue?.path.join('.') ?? ''}`,
    problem: issue?.message ?? 'are not valid',
    hint: `known options are ${Object.keys(detectionDefaults).join(', ')}`,
  })
}
