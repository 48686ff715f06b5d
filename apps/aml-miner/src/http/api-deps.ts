import {
  type Batch,
  type DayKey,
  InputError,
  StorageError,
  utcDateSchema,
  windowDaysSchema,
} from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import { pageQueryShape } from '@subnetkit/core/http'
import { z } from 'zod'

import type { DayDeps } from '../tasks/day-steps.ts'

/** What the routes work with. */
export interface ApiDeps {
  /** The networks that this server answers for, in order. */
  readonly networks: readonly string[]
  /** The stores of a served network. @throws StorageError `not_found` for any other. */
  storesOf(network: string): DayDeps['repositories']
  /** The window when a request names none, in days. */
  readonly defaultWindowDays: number
  readonly apiVersion: string
  readonly githubUrl: string
  readonly commitHash: string
}

/** Which network and window; every data route takes it. */
export function scopeQueryShape(deps: ApiDeps): {
  network: z.ZodString
  windowDays: z.ZodDefault<z.ZodType<number>>
} {
  return { network: z.string(), windowDays: numberFromText(windowDaysSchema).default(deps.defaultWindowDays) }
}

/** The scope, and a page of it. */
export function pagedScopeQuery(
  deps: ApiDeps,
): z.ZodObject<ReturnType<typeof scopeQueryShape> & typeof pageQueryShape, z.core.$strict> {
  return z.strictObject({ ...scopeQueryShape(deps), ...pageQueryShape })
}

/** A date, or the newest one that has results. */
export const dateParamSchema = z.strictObject({ date: z.union([z.literal('latest'), utcDateSchema]) })

/** What a request asks about. */
export interface Scope {
  readonly network: string
  readonly windowDays: number
}

/**
 * The completed batch of a date, or of the newest date for `latest`.
 *
 * @throws StorageError `not_found` when there is none.
 */
export async function getBatch(
  deps: ApiDeps,
  date: string,
  scope: Scope,
  signal: AbortSignal,
): Promise<Batch> {
  const { batches } = deps.storesOf(scope.network)
  const { network, windowDays } = scope
  const batch =
    date === 'latest'
      ? await batches.findLatestCompleted({ network, windowDays }, { signal })
      : await batches.findCompleted({ key: dayKey(date, scope) }, { signal })
  if (batch !== null) return batch
  throw new StorageError({
    code: 'not_found',
    message:
      date === 'latest'
        ? `${network} has no completed batch of ${windowDays} days; /v1/dates/available lists dates per window`
        : `${network} has no completed batch of ${windowDays} days for ${date}; /v1/dates/available lists what there is`,
  })
}

function dayKey(date: string, { network, windowDays }: Scope): DayKey {
  const processingDate = utcDateSchema.safeParse(date)
  if (processingDate.success) return { network, windowDays, processingDate: processingDate.data }
  throw new InputError({
    field: 'params.date',
    value: date,
    problem: 'is no date',
    hint: 'give YYYY-MM-DD or latest',
  })
}

/** The head of every reply about a batch. */
export const batchHeadSchema = z.strictObject({
  network: z.string(),
  processingDate: z.string(),
  windowDays: z.int(),
  batchId: z.string(),
  modelVersion: z.string(),
  total: z.int(),
  metadata: z.strictObject({
    processedAt: z.string(),
    totalLatencyMs: z.number(),
    avgLatencyMs: z.number(),
  }),
})

/** Fills {@link batchHeadSchema}. */
export function batchHead(
  batch: Batch,
  modelVersion: string,
  total: number,
  latencyMs: number,
): z.output<typeof batchHeadSchema> {
  return {
    network: batch.network,
    processingDate: batch.processingDate,
    windowDays: batch.windowDays,
    batchId: batch.batchId,
    modelVersion,
    total,
    metadata: {
      processedAt: batch.processedAt.toISOString(),
      totalLatencyMs: batch.latenciesMsTotal,
      avgLatencyMs: total === 0 ? 0 : latencyMs / total,
    },
  }
}
