import { countSchema, instantSchema, systemConfigSchema } from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { CLOCK_WINDOW_MS } from '../auth/admission-rules.ts'
import { type ApiDeps, pageOf } from './api-deps.ts'

const aboutSchema = z.strictObject({
  version: z.string(),
  /** The audience of signed requests. */
  validatorHotkey: z.string(),
  serverTime: instantSchema,
  /** How far the time of a signed request may be from `serverTime`. */
  clockWindowMs: z.int(),
  environments: z.array(
    z.strictObject({
      name: z.string(),
      taskCount: z.int(),
      scoreRange: z.tuple([z.number(), z.number()]).readonly(),
    }),
  ),
})

const taskStatsSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      environment: z.string(),
      claimable: countSchema,
      /** In back-off. */
      waiting: countSchema,
      claimed: countSchema,
      quarantined: countSchema,
    }),
  ),
})

/** Who this validator is, how its queue stands, and how it is configured. */
export function addStateRoutes(server: HttpServer, deps: ApiDeps): void {
  const { executors, repositories } = deps

  server.get(
    '/v1/about',
    {
      schema: {
        summary: 'What an executor has to know before it signs its first request',
        response: { 200: aboutSchema },
      },
    },
    async () => ({
      version: deps.version,
      validatorHotkey: executors.validatorHotkey,
      serverTime: deps.now(),
      clockWindowMs: CLOCK_WINDOW_MS,
      environments: [...executors.environments.values()].map(({ name, scoreRange, taskCount }) => ({
        name,
        taskCount,
        scoreRange,
      })),
    }),
  )

  server.get(
    '/v1/tasks/stats',
    {
      schema: {
        summary: 'Tasks of each environment by where they stand',
        response: { 200: taskStatsSchema },
      },
    },
    async ({ signal }) => {
      const items = await Promise.all(
        [...executors.environments.keys()].map(async (environment) => ({
          environment,
          ...(await repositories.samplingTasks.count({ environment }, { signal })),
        })),
      )
      return { items }
    },
  )

  server.get(
    '/v1/config',
    {
      schema: {
        summary: 'The current version of every configuration key; configuration holds no secrets',
        querystring: z.strictObject(pageQueryShape),
        response: { 200: pageReplySchema(systemConfigSchema) },
      },
    },
    async ({ query, signal }) => await repositories.systemConfig.list(pageOf(query), { signal }),
  )
}
