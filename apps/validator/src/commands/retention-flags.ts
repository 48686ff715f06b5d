import { numberFromText } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

import { retentionContextSchema, type RetentionContext } from '../retention/retention-context.ts'

const { keepTop, olderThanDays } = retentionContextSchema.shape

/** The options that a plan and its application share. */
export const retentionFlagsShape = {
  keepTop: numberFromText(keepTop.unwrap()),
  olderThanDays: numberFromText(olderThanDays.unwrap()),
  includeCurrent: z.boolean().default(false),
} as const

/** Adds them to a command. */
export function retentionFlags(command: Command): Command {
  return command
    .option('--keep-top <n>', 'protect models that were ever in these ranks, 0 to 32', '3')
    .option('--older-than-days <n>', 'samples taken longer ago may go', '90')
    .option('--include-current', 'also of models that miners serve now, which would be asked anew')
}

/** What the tasks are told. */
export function toRetentionContext(
  options: Readonly<{ keepTop: number; olderThanDays: number; includeCurrent: boolean }>,
): RetentionContext {
  const { keepTop: ranks, olderThanDays: days, includeCurrent } = options
  return { keepTop: ranks, olderThanDays: days, includesCurrent: includeCurrent }
}
