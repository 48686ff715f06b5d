import {
  contentIdSchema,
  type CycleScope,
  hotkeySchema,
  isStorageError,
  parseInput,
  periodTypes,
  StorageError,
  uidSchema,
} from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { cyclePage, cyclesPage } from '../page/cycles-page.ts'
import { leaderboardPage } from '../page/leaderboard-page.ts'
import { minerPage } from '../page/miner-page.ts'
import { pageIcon } from '../page/page-shell.ts'
import type { RecordState } from '../published/record-access.ts'
import type { ApiDeps } from './api-deps.ts'
import { addPage, inPath, inQuery, type ShowPage } from './page-route.ts'

const CYCLES_PER_PAGE = 50
const HISTORY_POINTS = 1_000
const UID = /^\d{1,5}$/

/** What pages need besides the API's own parts. */
export interface PageDeps extends Pick<ApiDeps, 'published' | 'now'> {
  readonly repositories: Pick<ApiDeps['repositories'], 'miners' | 'weightCycles'>
  readonly scope: CycleScope
  readonly recordState: () => RecordState
}

const minerParams = z.object({ miner: hotkeySchema })
const minerQuery = z.object({
  cycle: contentIdSchema.optional(),
  period: z.enum(periodTypes).default('daily'),
})
const cyclesQuery = z.object({ cursor: z.string().min(1).max(4096).optional() })
const findQuery = z.object({ miner: z.string().trim().pipe(hotkeySchema) })

/** The pages for people; all of them work without a script. */
export function addPageRoutes(server: HttpServer, deps: PageDeps): void {
  const { now, published, repositories, scope } = deps
  const page = (path: string, show: ShowPage): void => addPage(server, path, show)

  page('/', async ({ signal }) => {
    const [summaries, leaderboard] = await Promise.all([
      repositories.weightCycles.listSummaries({ ...scope, limit: 1 }, { signal }),
      published.leaderboard({ signal }),
    ])
    return leaderboardPage({
      ...scope,
      now: now(),
      newest: summaries.items[0] ?? null,
      leaderboard,
      record: deps.recordState(),
    })
  })

  page('/cycles', async ({ query, signal }) => {
    const { cursor = null } = parseInput(cyclesQuery, query, inQuery)
    return cyclesPage(
      await published.listCycles({ limit: CYCLES_PER_PAGE, cursor }, { signal }),
      cursor === null,
    )
  })

  page('/cycles/:id', async ({ params, signal }) => {
    const { id } = parseInput(z.object({ id: contentIdSchema }), params, inPath)
    return cyclePage(await published.getCycle(id, { signal }))
  })

  page('/miners', async ({ query }, reply) => {
    const { miner } = parseInput(findQuery, query, inQuery)
    await reply.redirect(`/miners/${miner}`, 302)
    return null
  })

  page('/miners/:miner', async ({ params, query, signal }, reply) => {
    const { miner } = parseInput(minerParams, params, inPath)
    if (UID.test(miner)) {
      await reply.redirect(`/miners/${await hotkeyAt(deps, Number(miner), signal)}`, 302)
      return null
    }
    const { cycle = null, period } = parseInput(minerQuery, query, inQuery)
    const of = { hotkey: miner, cycleId: cycle }
    const stats = { minerHotkey: miner, periodType: period, limit: 1 }
    const [known, pipeline, history, performances] = await Promise.all([
      repositories.miners.find({ hotkey: miner }, { signal }),
      published.getPipeline(of, { signal }).catch((error: unknown) => {
        // A miner without weights still has a page; a cycle that was asked for by name must be there.
        if (cycle === null && isStorageError(error, 'not_found')) return null
        throw error
      }),
      published.history({ hotkey: miner, limit: HISTORY_POINTS }, { signal }),
      published.listMinerPerformances(stats, { signal }),
    ])
    const [performance = null] = performances.items
    const isKnown = known !== null || pipeline !== null || performance !== null
    if (!isKnown && history.weights.length === 0 && history.incentives.length === 0) {
      throw notFound(`there is no miner ${miner}; the leaderboard lists those with weights`)
    }
    return minerPage({ hotkey: miner, miner: known, pipeline, history, periodType: period, performance })
  })

  server.get('/icon.svg', { schema: { hide: true } }, async (_request, reply) => {
    return await reply.header('cache-control', 'max-age=86400').type('image/svg+xml').send(pageIcon)
  })
}

/** Who holds a uid: by the last epoch that was kept, else as miners were registered here. */
async function hotkeyAt(
  { published, repositories }: PageDeps,
  given: number,
  signal: AbortSignal,
): Promise<string> {
  const uid = parseInput(uidSchema, given, { subject: 'uid' })
  const epoch = await published.findLastEpoch({ signal })
  const neuron = epoch?.neurons.find((one) => one.uid === uid)
  const hotkey = neuron?.hotkey ?? (await repositories.miners.findByUid({ uid }, { signal }))?.hotkey
  if (hotkey !== undefined) return hotkey
  throw notFound(`nobody is known at uid ${uid}; the leaderboard lists uids and hotkeys`)
}

function notFound(message: string): StorageError {
  return new StorageError({ code: 'not_found', message })
}
