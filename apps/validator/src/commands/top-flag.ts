import { numberFromText } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

const MAX_TOP = 65_536

/** How many miners of a leaderboard are shown. */
export const topFlagSchema = numberFromText(z.int().min(1).max(MAX_TOP))

/** Adds `--top`. */
export function topFlag(command: Command): Command {
  return command.option('--top <n>', 'miners to show, best first', '20')
}
