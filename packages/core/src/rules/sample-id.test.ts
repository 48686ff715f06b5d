import { describe, expect, it } from 'vitest'

import { contentIdSchema } from '../models/scalars.ts'
import { sampleIdOf } from './sample-id.ts'

const key = {
  minerHotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  modelRevision: 'abc123',
  environment: 'affine:ded',
  generation: 1,
  taskId: 7,
}
const conversationSha256 = 'ab'.repeat(32)

describe('sampleIdOf', () => {
  it('never changes for the same key and conversation', () => {
    // Computed by another program: printf '["sample",…]' | sha256sum. Stored ids hang on it.
    expect(sampleIdOf({ key, conversationSha256 })).toBe('728922107fbd889f144a185fddd9e40b')
    expect(contentIdSchema.safeParse(sampleIdOf({ key, conversationSha256 })).success).toBe(true)
  })

  it('differs when any part differs, also where parts could run into each other', () => {
    const ids = [
      { key, conversationSha256 },
      { key, conversationSha256: 'cd'.repeat(32) },
      { key: { ...key, minerHotkey: `${key.minerHotkey}a` }, conversationSha256 },
      { key: { ...key, modelRevision: 'abc12' }, conversationSha256 },
      { key: { ...key, environment: 'affine:ded-v2' }, conversationSha256 },
      { key: { ...key, environment: 'affine:ded","1' }, conversationSha256 },
      { key: { ...key, generation: 0 }, conversationSha256 },
      { key: { ...key, taskId: 17 }, conversationSha256 },
      { key: { ...key, generation: 11, taskId: 7 }, conversationSha256 },
      { key: { ...key, generation: 1, taskId: 17 }, conversationSha256: '0'.repeat(64) },
    ].map(sampleIdOf)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('does not hang on the order of fields or on what else an object carries', () => {
    const { taskId, generation, ...rest } = key
    const other = { taskId, generation, score: 1, ...rest }
    expect(sampleIdOf({ key: other, conversationSha256 })).toBe(sampleIdOf({ key, conversationSha256 }))
  })
})
