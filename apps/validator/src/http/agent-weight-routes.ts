import { hotkeySchema, instantSchema, unitIntervalSchema, weightsSnapshotSchema } from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import type { ApiDeps } from './api-deps.ts'

/** The history of miners' weights: what stands now from the store that decides, a day of it from the record. */
export function addAgentWeightRoutes(server: HttpServer, { agents, now, record }: ApiDeps): void {
  server.get(
    '/v1/weights/latest',
    {
      schema: {
        summary: 'The newest snapshot of miners’ weights, or null before the first',
        response: { 200: z.strictObject({ snapshot: weightsSnapshotSchema.nullable() }) },
      },
    },
    async ({ signal }) => ({ snapshot: await agents.weightsSnapshots.findLatest({ signal }) }),
  )

  server.get(
    '/v1/weights/top-miner',
    {
      schema: {
        summary: 'The hotkey that the newest snapshot gives most; null when it gives nobody anything',
        response: { 200: z.strictObject({ minerHotkey: hotkeySchema.nullable() }) },
      },
    },
    async ({ signal }) => ({ minerHotkey: await agents.weightsSnapshots.findTopMiner({ signal }) }),
  )

  server.get(
    '/v1/weights/top-miner/:hotkey/share',
    {
      schema: {
        summary: 'The share of the last 24 hours, 0 to 1, in which a hotkey was the top miner',
        params: z.strictObject({ hotkey: hotkeySchema }),
        response: { 200: z.strictObject({ share: unitIntervalSchema, until: instantSchema }) },
      },
    },
    async ({ params: { hotkey: minerHotkey }, signal }) => {
      const until = now()
      const asked = { minerHotkey, now: until }
      const share = await record.read(({ agentAnalyses }) =>
        agentAnalyses.getTopMinerShare(asked, { signal }),
      )
      return { share, until }
    },
  )

  server.get(
    '/v1/weights/history',
    {
      schema: {
        summary: 'The snapshots of the last 24 hours and the one in force when they began, the oldest first',
        response: { 200: z.strictObject({ items: z.array(weightsSnapshotSchema).readonly() }) },
      },
    },
    async ({ signal }) => ({
      items: await record.read(({ agentAnalyses }) =>
        agentAnalyses.listWeightsHistory({ now: now() }, { signal }),
      ),
    }),
  )
}
