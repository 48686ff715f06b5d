import type { Agent } from '@subnetkit/core'

import { plainTable, shortHotkey } from '../../plain-table.ts'
import { showCell } from '../../text-table.ts'
import { utcMinute } from './utc-minute.ts'

/** Agents for a person. Names are the miners' own words. */
export function agentsText(agents: readonly Agent[]): string {
  return plainTable(
    ['name', 'newest', 'since (UTC)', 'uploaded (UTC)', 'hotkey', 'agent'],
    agents.map(({ agentId, createdAt, lastUpdated, latestVersion, minerHotkey, name }) => [
      showCell(name),
      String(latestVersion),
      utcMinute(createdAt),
      utcMinute(lastUpdated),
      shortHotkey(minerHotkey),
      agentId,
    ]),
  )
}
