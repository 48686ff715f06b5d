import type { PageParams } from '@subnetkit/core'
import { MAX_PAGE_LIMIT } from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import type { Command } from 'commander'
import { z } from 'zod'

/** The options of every command that lists. */
export const pageFlagsShape = {
  limit: numberFromText(z.int().min(1).max(MAX_PAGE_LIMIT)),
  cursor: z.string().min(1).optional(),
} as const

/** Adds `--limit` and `--cursor`. */
export function pageFlags(command: Command, defaultLimit: number): Command {
  return command
    .option('--limit <n>', `rows to show, 1 to ${MAX_PAGE_LIMIT}`, String(defaultLimit))
    .option('--cursor <text>', 'read on where the page before ended')
}

/** What a repository's list takes. */
export function toPage(options: {
  readonly limit: number
  readonly cursor?: string | undefined
}): PageParams {
  return { limit: options.limit, cursor: options.cursor ?? null }
}

/** The line under a table that says how to go on; empty at the end. */
export function moreLine(nextCursor: string | null): string {
  return nextCursor === null ? '' : `\nThere may be more: repeat with --cursor ${nextCursor}`
}
