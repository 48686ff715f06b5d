import { type Html, html } from '@subnetkit/core/http'

import type { MinerRecord } from '../published/miner-record.ts'
import { block, pageDocument, table } from './page-document.ts'
import { briefKey, chip, foreignText, score } from './shown-values.ts'

/** All that a miner took part in, the newest first. */
export function minerPage(record: MinerRecord): string {
  const { hotkey } = record
  return pageDocument({
    title: `Miner ${briefKey(hotkey)}`,
    section: 'none',
    crumbs: [{ href: '/', label: 'Tournaments' }],
    lead: html`<span class="mono">${hotkey}</span>`,
    body: block('Epochs', epochs(record)),
  })
}

function epochs({ epochs: all, hotkey }: MinerRecord): Html {
  if (all.length === 0) return html`<p class="none">It has not run in any epoch yet.</p>`
  return table(
    'Epochs of the miner',
    [
      { head: 'Days' },
      { head: 'Type', look: 'optional' },
      { head: 'Where' },
      { head: 'Status', look: 'text' },
      { head: 'Score', look: 'n' },
    ],
    all.map(({ epoch, score: earned }) => [
      html`${epoch.startDate} – ${epoch.endDate}`,
      epoch.imageType,
      epoch.tournamentId === null
        ? 'by itself'
        : html`<a href="/tournaments/${epoch.tournamentId}/participants/${hotkey}">in a tournament</a>`,
      html`${chip(epoch.status)}
      ${epoch.errorMessage === null ? html`` : html`<span class="reason">${foreignText(epoch.errorMessage)}</span>`}`,
      score(earned?.finalScore ?? null),
    ]),
  )
}
