import { netuidSchema, periodTypes, utcDateSchema, type PeriodType } from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

/** What every command about statistics takes. */
export const subnetFlagShape = { netuid: numberFromText(netuidSchema) } as const

/** Adds `--netuid`. */
export function subnetFlag(command: Command): Command {
  return command.option('--netuid <n>', 'the subnet', '1')
}

/** A type of period as it is written on the command line. */
export const periodFlagSchema: z.ZodType<PeriodType> = z.enum(periodTypes)

/** A day in UTC as its first instant. */
export const dayFlagSchema = utcDateSchema.transform((day) => new Date(`${day}T00:00:00.000Z`))
