import { hotkeySchema, type MinerScore } from '@subnetkit/core'
import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { plainTable } from '../plain-table.ts'
import { interval, percent } from '../scoring/leaderboard.ts'
import { showCell } from '../text-table.ts'
import { moreLine, pageFlags, pageFlagsShape, toPage } from './page-flags.ts'
import { withReadyValidator } from './with-validator.ts'

const DEFAULT_LIMIT = 20

const examples = `
Examples:
  $ validator scores history 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY
  $ validator scores history 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --limit 5 --json
`

/** `validator scores history HOTKEY`: newest block first; scores are kept for thirty days. */
export function scoresHistoryCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'history',
    description: 'show the published scores of one miner, newest block first',
    options: z.strictObject({ hotkey: hotkeySchema, ...pageFlagsShape }),
    flags: (command) => {
      pageFlags(command.argument('<hotkey>', "the miner's hotkey"), DEFAULT_LIMIT).addHelpText(
        'after',
        examples,
      )
    },
    run: async ({ hotkey, ...options }, session) =>
      await withReadyValidator(config, session, async ({ repositories, now }) => {
        const page = toPage(options)
        const { items, nextCursor } = await repositories.minerScores.listHistory(
          { minerHotkey: hotkey, now: now(), ...page },
          { signal: session.signal },
        )
        const isNone = items.length === 0 && page.cursor === null
        return {
          value: { items, nextCursor },
          text: isNone ? `${hotkey} has no scores of the last thirty days` : historyText(items, nextCursor),
        }
      }),
  })
}

function historyText(scores: readonly MinerScore[], nextCursor: string | null): string {
  const head = ['block', 'UTC', 'rank', 'uid', 'weight', 'points', 'average', 'model']
  const rows = scores.map((score) => [
    String(score.blockNumber),
    score.calculatedAt.toISOString().slice(5, 16).replace('T', ' '),
    String(score.rank),
    score.uid === null ? '–' : String(score.uid),
    percent(score.weight),
    score.points.toFixed(3),
    interval(score.averageScore, score.confidenceLower, score.confidenceUpper),
    showCell(score.modelRevision.slice(0, 8)),
  ])
  const reasons = scores.flatMap(({ blockNumber, reason }) =>
    reason === null ? [] : [`  ${blockNumber}: ${showCell(reason)}`],
  )
  const without = reasons.length === 0 ? '' : `\n\nNo weight:\n${reasons.join('\n')}`
  return `${plainTable(head, rows)}${without}${moreLine(nextCursor)}`
}
