import { type ConfigValue, hotkeySchema, submissionMechanisms } from '@subnetkit/core'
import { z } from 'zod'

import { parseJsonSetting } from '../config-values/parse-json-setting.ts'

/** The configuration key that holds them. */
const SUBMISSION_KEY = 'weights.submission'

const MAX_VERSION_KEY = 2n ** 64n - 1n

/** How weights go to the chain; every constant is configuration. */
export const submissionSettingsSchema = z.strictObject({
  /** Who takes the burnt share: the subnet's owner, or a hotkey of the subnet. */
  burnTo: z.union([z.literal('owner'), hotkeySchema]).default('owner'),
  /** Whether the subnet's owner may earn as a miner. The burn reaches it either way. */
  payOwner: z.boolean().default(false),
  /** Whether neurons that set weights themselves may earn as miners. */
  payValidators: z.boolean().default(false),
  /** Blocks; scores that are older are refused. A block takes 12 seconds. */
  maxSnapshotAge: z.int().min(1).max(10_000_000).default(7_200),
  /** `auto`: plain where the subnet allows it, else locked until a round of drand. */
  mechanism: z.enum(['auto', ...submissionMechanisms]).default('auto'),
  /** Submissions of one cycle, the first included, before it is given up. */
  maxAttempts: z.int().min(1).max(100).default(5),
  /** Blocks after which a submission that nothing was seen of counts as lost; never before the chain cannot take it any more. */
  landWithin: z.int().min(1).max(1_000).default(20),
  /**
   * What the chain is told of our version; subnets refuse lower ones than they ask for. Above 2⁵³ as text: a number of
   * JSON would be rounded.
   */
  versionKey: z
    .union([
      z.int().min(0),
      z
        .string()
        .refine((text) => /^\d{1,20}$/.test(text) && BigInt(text) <= MAX_VERSION_KEY, 'must be below 2^64'),
    ])
    .default(0),
})
/** See {@link submissionSettingsSchema}. */
export type SubmissionSettings = z.infer<typeof submissionSettingsSchema>

/** The settings as configured. @throws InputError naming the field that does not fit. */
export function parseSubmissionSettings(configured: ReadonlyMap<string, ConfigValue>): SubmissionSettings {
  return parseJsonSetting(configured, {
    key: SUBMISSION_KEY,
    schema: submissionSettingsSchema,
    example: '{"burnTo": "owner"}',
  })
}
