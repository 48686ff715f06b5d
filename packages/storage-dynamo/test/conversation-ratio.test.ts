import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import {
  halves,
  sharedTaskDialogues,
  unrelatedDialogues,
  type Dialogue,
} from '../bench/conversation-corpus.ts'
import { readPublishers } from '../bench/passages.ts'
import {
  buildDictionary,
  packConversation,
  promptDictionary,
  toConversationContent,
  type Dictionary,
} from '../src/index.ts'

const nodeModules = fileURLToPath(new URL('../../../node_modules', import.meta.url))
const [training, measured] = halves(readPublishers(nodeModules, 160))
const contentOf = ({ conversation }: Dialogue): Uint8Array => toConversationContent(conversation).bytes

/** Bytes of packed conversations, with those of the prompts that they need, against gzip-6 of each. */
async function ratioOf(dialogues: readonly Dialogue[], general: Dictionary | null): Promise<number> {
  const prompts = new Map<string, Dictionary>()
  let packed = 0
  let gzipped = 0
  for (const dialogue of dialogues) {
    const content = toConversationContent(dialogue.conversation)
    const prompt = dialogue.sharedPrompt === null ? null : promptDictionary(dialogue.sharedPrompt)
    if (prompt !== null) prompts.set(prompt.id, prompt)
    packed += (await packConversation({ content, general, prompt })).bytes.byteLength
    gzipped += gzipSync(content.bytes, { level: 6 }).byteLength
  }
  for (const { bytes } of prompts.values()) packed += gzipSync(bytes, { level: 9 }).byteLength
  return packed / gzipped
}

describe('dictionaries', () => {
  it('learnt from other publishers make unrelated conversations smaller', async () => {
    const general = buildDictionary({ samples: unrelatedDialogues(training, 2).map(contentOf) })
    const dialogues = unrelatedDialogues(measured, 1)
    expect(dialogues.length).toBeGreaterThan(20)
    expect(await ratioOf(dialogues, general)).toBeLessThan(0.93)
    expect(await ratioOf(dialogues, null)).toBeGreaterThan(0.98)
  })

  it('of shared prompts make their answers smaller, prompts included', async () => {
    const dialogues = sharedTaskDialogues(measured, { tasks: 10, miners: 8 })
    expect(await ratioOf(dialogues, null)).toBeLessThan(0.72)
    const alone = dialogues.map((dialogue) => ({ ...dialogue, sharedPrompt: null }))
    expect(await ratioOf(alone, null)).toBeGreaterThan(0.95)
  })
})
