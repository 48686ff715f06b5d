import type { TopAgent } from '@subnetkit/core'

import { plainTable, shortHotkey } from '../../plain-table.ts'
import { showCell } from '../../text-table.ts'
import { scoreText } from './score-text.ts'
import { utcMinute } from './utc-minute.ts'

/** The top agents for a person, the best first. Names are the miners' own words. */
export function topAgentsText(agents: readonly TopAgent[]): string {
  return plainTable(
    ['#', 'score', 'name', 'version', 'uploaded (UTC)', 'hotkey', 'agent'],
    agents.map((agent, index) => [
      String(index + 1),
      scoreText(agent.score),
      showCell(agent.name),
      String(agent.versionNum),
      utcMinute(agent.versionCreatedAt),
      shortHotkey(agent.minerHotkey),
      agent.agentId,
    ]),
  )
}
