import { type Batch, batchStatusSchema } from '@subnetkit/core'
import { type HttpServer, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { type ApiDeps, getBatch, pagedScopeQuery, scopeQueryShape } from './api-deps.ts'

const modelVersionsSchema = z.strictObject({
  alertScorer: z.string(),
  alertRanker: z.string(),
  clusterScorer: z.string(),
})

const networkSchema = z.strictObject({
  network: z.string(),
  /** Null before the first completed batch. */
  latestDate: z.string().nullable(),
  totalDates: z.int(),
  models: modelVersionsSchema.nullable(),
  latestAlertScores: z.int(),
  latestClusterScores: z.int(),
})

const batchSchema = z.strictObject({
  processingDate: z.string(),
  windowDays: z.int(),
  batchId: z.string(),
  attempt: z.int(),
  status: batchStatusSchema,
  startedAt: z.string(),
  processedAt: z.string(),
  inputsHash: z.string(),
  resultsHash: z.string().nullable(),
  inputCounts: z.strictObject({ alerts: z.int(), features: z.int(), clusters: z.int() }),
  outputCounts: z.strictObject({ alertScores: z.int(), alertRankings: z.int(), clusterScores: z.int() }),
  latenciesMs: z.strictObject({
    alertScoring: z.int(),
    alertRanking: z.int(),
    clusterScoring: z.int(),
    total: z.int(),
  }),
  models: modelVersionsSchema,
  errorMessage: z.string(),
})

/** Which networks, dates and batches there are, and by which models. */
export function addDayRoutes(server: HttpServer, deps: ApiDeps): void {
  addNetworkRoutes(server, deps)
  addDateRoutes(server, deps)
  addBatchRoutes(server, deps)
}

function addNetworkRoutes(server: HttpServer, deps: ApiDeps): void {
  const scope = z.strictObject(scopeQueryShape(deps))

  server.get(
    '/v1/networks',
    {
      schema: {
        summary: 'The networks served here',
        response: { 200: z.strictObject({ items: z.array(networkSchema) }) },
      },
    },
    async ({ signal }) => {
      const items: z.output<typeof networkSchema>[] = []
      for (const network of deps.networks) items.push(await describeNetwork(deps, network, signal))
      return { items }
    },
  )

  server.get(
    '/v1/version',
    {
      schema: {
        summary: 'Versions of the API, of the code and of the models behind the newest results',
        querystring: scope,
        response: {
          200: z.strictObject({
            apiVersion: z.string(),
            network: z.string(),
            models: modelVersionsSchema,
            githubUrl: z.string(),
            commitHash: z.string(),
          }),
        },
      },
    },
    async ({ query, signal }) => {
      const { apiVersion, commitHash, githubUrl } = deps
      const batch = await getBatch(deps, 'latest', query, signal)
      return { apiVersion, network: query.network, models: modelsOf(batch), githubUrl, commitHash }
    },
  )
}

function addDateRoutes(server: HttpServer, deps: ApiDeps): void {
  const scope = z.strictObject(scopeQueryShape(deps))

  server.get(
    '/v1/dates/available',
    {
      schema: {
        summary: 'Dates with completed results, newest first',
        querystring: scope,
        response: { 200: z.strictObject({ dates: z.array(z.string()).readonly(), totalCount: z.int() }) },
      },
    },
    async ({ query: { network, windowDays }, signal }) => {
      const dates = await deps
        .storesOf(network)
        .batches.listAvailableDates({ network, windowDays }, { signal })
      return { dates, totalCount: dates.length }
    },
  )

  server.get(
    '/v1/dates/latest',
    {
      schema: {
        summary: 'The newest date with completed results',
        querystring: scope,
        response: { 200: z.strictObject({ latestDate: z.string(), processedAt: z.string() }) },
      },
    },
    async ({ query, signal }) => {
      const batch = await getBatch(deps, 'latest', query, signal)
      return { latestDate: batch.processingDate, processedAt: batch.processedAt.toISOString() }
    },
  )
}

function addBatchRoutes(server: HttpServer, deps: ApiDeps): void {
  server.get(
    '/v1/batches',
    {
      schema: {
        summary: 'Attempts at scoring, newest date first, failed ones too',
        querystring: pagedScopeQuery(deps),
        response: { 200: pageReplySchema(batchSchema) },
      },
    },
    async ({ query: { cursor, limit, network, windowDays }, signal }) => {
      const page = await deps
        .storesOf(network)
        .batches.list({ network, windowDays, limit, cursor: cursor ?? null }, { signal })
      return { items: page.items.map(describeBatch), nextCursor: page.nextCursor }
    },
  )
}

async function describeNetwork(
  deps: ApiDeps,
  network: string,
  signal: AbortSignal,
): Promise<z.output<typeof networkSchema>> {
  const { batches } = deps.storesOf(network)
  const latest = await batches.findLatestCompleted({ network }, { signal })
  const dates = await batches.listAvailableDates({ network }, { signal })
  return {
    network,
    latestDate: latest?.processingDate ?? null,
    totalDates: dates.length,
    models: latest === null ? null : modelsOf(latest),
    latestAlertScores: latest?.outputCountsAlertScores ?? 0,
    latestClusterScores: latest?.outputCountsClusterScores ?? 0,
  }
}

function modelsOf(batch: Batch): z.output<typeof modelVersionsSchema> {
  return {
    alertScorer: batch.modelVersionsAlertScorer,
    alertRanker: batch.modelVersionsAlertRanker,
    clusterScorer: batch.modelVersionsClusterScorer,
  }
}

function describeBatch(batch: Batch): z.output<typeof batchSchema> {
  const { attempt, batchId, errorMessage, inputsHash, processingDate, resultsHash, status, windowDays } =
    batch
  return {
    processingDate,
    windowDays,
    batchId,
    attempt,
    status,
    startedAt: batch.startedAt.toISOString(),
    processedAt: batch.processedAt.toISOString(),
    inputsHash,
    resultsHash,
    inputCounts: {
      alerts: batch.inputCountsAlerts,
      features: batch.inputCountsFeatures,
      clusters: batch.inputCountsClusters,
    },
    outputCounts: {
      alertScores: batch.outputCountsAlertScores,
      alertRankings: batch.outputCountsAlertRankings,
      clusterScores: batch.outputCountsClusterScores,
    },
    latenciesMs: {
      alertScoring: batch.latenciesMsAlertScoring,
      alertRanking: batch.latenciesMsAlertRanking,
      clusterScoring: batch.latenciesMsClusterScoring,
      total: batch.latenciesMsTotal,
    },
    models: modelsOf(batch),
    errorMessage,
  }
}
