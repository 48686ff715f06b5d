import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { walkThrough } from './walk-through.ts'

it('goes through the store from nothing, as the README does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dynamo-walk-'))
  const lines: string[] = []
  try {
    await walkThrough(folder, (line) => lines.push(line))
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
  }
  expect(lines.slice(1)).toStrictEqual([
    'sample of task 7: stored',
    'claimed by the first: 1',
    'left for a second: 0',
    'task 8: completed',
    'present: 7, 8',
    'latest scores: block 5000000',
    'sampling.per_miner is 4, version 1',
    'protected because of rank 1 at block 5000000',
  ])
})
