import { buildTournament, buildTournamentResult } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { tournamentPage } from './tournament-page.ts'
import { tournamentsPage } from './tournaments-page.ts'

const tournament = buildTournament({ status: 'cancelled', cancelReason: 'its <b>seed</b> leaked' })

it('says that a tournament was cancelled, why, and that nobody won', () => {
  const results = [buildTournamentResult({ isWinner: false })]
  const view = { tournament, participants: [], results, runs: [], isShown: false, baselineVersion: null }
  const page = tournamentPage(view)
  expect(page).toMatch(/cancelled: <bdi>its &lt;b&gt;seed&lt;\/b&gt; leaked/)
  expect(page).toContain('The tournament was cancelled: nobody won.')
  expect(page).toContain('not told: the tournament was cancelled')
  expect(page).not.toContain(tournament.datasetSeed)
  const list = tournamentsPage({
    tournaments: [tournament],
    miners: new Map(),
    total: 1,
    offset: 0,
    limit: 9,
  })
  expect(list).toMatch(/nobody/)
})
