import { plainTable } from '../../plain-table.ts'
import { showCell } from '../../text-table.ts'
import type { AgentStory } from './agent-story.ts'
import { executionText } from './execution-text.ts'
import type { ExecutionMarks } from './run-marks.ts'
import { scoreText } from './score-text.ts'
import { utcMinute } from './utc-minute.ts'

/** An agent, its versions and the evaluation that tells most of it, for a person. The name is the miner's own word. */
export function agentStoryText(
  { agent, versions, isOnRecord }: AgentStory,
  latest: ExecutionMarks | null,
): string {
  const [newest] = versions
  const facts = [
    showCell(agent.name),
    `  agent     ${agent.agentId}`,
    `  hotkey    ${agent.minerHotkey}`,
    `  since     ${utcMinute(agent.createdAt)} UTC`,
    `  uploaded  ${utcMinute(agent.lastUpdated)} UTC, version ${agent.latestVersion}`,
  ]
  const table = plainTable(
    ['version', 'score', 'uploaded (UTC)', 'id'],
    versions.map(({ createdAt, score, versionId, versionNum }) => [
      String(versionNum),
      scoreText(score),
      utcMinute(createdAt),
      versionId,
    ]),
  )
  const behind = 'The record does not have this agent yet, so that only its newest version is shown.'
  return [
    ...facts,
    '',
    ...(newest === undefined ? ['It has no version yet.'] : ['Versions:', table]),
    ...(latest === null ? [] : ['', `Newest evaluation: ${executionText(latest)}`]),
    ...(isOnRecord ? [] : ['', behind]),
    ...(newest === undefined ? [] : ['', `Next: validator agents queue ${newest.versionId}`]),
  ].join('\n')
}
