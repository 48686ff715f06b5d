import { text } from 'node:stream/consumers'

import { z } from 'zod'

import { compressionTags } from '../src/conversations/compression.ts'
import { toConversationContent } from '../src/conversations/conversation-content.ts'
import { packConversation, unpackConversation } from '../src/conversations/conversation-payload.ts'
import { createDictionary, type Dictionary } from '../src/conversations/dictionary.ts'

/** A payload as it crosses between two processes. */
export const sentPayload = z.strictObject({
  compression: z.enum(compressionTags),
  contentBytes: z.number(),
  contentSha256: z.string(),
  dictionaryIds: z.array(z.string()),
  dictionaryBytes: z.number(),
  bytes: z.base64(),
})

/** What a process says of itself: its own payload, and the hash of what it unpacked of the one that it was given. */
export const exchanged = z.strictObject({
  node: z.string(),
  payload: sentPayload,
  unpackedSha256: z.string(),
})

const prompt = createDictionary(Buffer.from('Decide which of the statements is a lie, and why. '.repeat(30)))
const getDictionary = async (): Promise<Dictionary> => prompt

/** Packs one fixed conversation in this process. */
export async function packHere(): Promise<z.infer<typeof sentPayload>> {
  const words = Array.from({ length: 3_000 }, (_, index) => `word${(index * 7919) % 1009}`).join(' ')
  const content = toConversationContent({
    messages: [{ role: 'assistant', content: `Decide which of the statements is a lie: é 😀 ${words}` }],
    details: { seed: 1, half: '\ud83d' },
  })
  const payload = await packConversation({ content, general: null, prompt })
  return {
    ...payload,
    dictionaryIds: [...payload.dictionaryIds],
    bytes: Buffer.from(payload.bytes).toString('base64'),
  }
}

/** Unpacks in this process what another one packed; gives the hash of it. */
export async function unpackHere(sent: z.infer<typeof sentPayload>): Promise<string> {
  const payload = { ...sent, bytes: Buffer.from(sent.bytes, 'base64') }
  await unpackConversation({ payload, getDictionary })
  return payload.contentSha256
}

/** The program: takes a payload on stdin, prints an {@link exchanged}. */
if (process.argv[1] === import.meta.filename) {
  const given = sentPayload.parse(JSON.parse(await text(process.stdin)))
  const answer = { node: process.version, payload: await packHere(), unpackedSha256: await unpackHere(given) }
  process.stdout.write(JSON.stringify(answer))
}
