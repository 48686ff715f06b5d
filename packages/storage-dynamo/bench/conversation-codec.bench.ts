import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

import { expect, it } from 'vitest'

import { availableCompressions } from '../src/conversations/compression.ts'
import {
  buildDictionary,
  packConversation,
  promptDictionary,
  toConversationContent,
  unpackConversation,
  type ConversationContent,
  type ConversationPayload,
  type Dictionary,
} from '../src/index.ts'
import { halves, sharedTaskDialogues, unrelatedDialogues, type Dialogue } from './conversation-corpus.ts'
import { interleaveCpu } from './interleave-cpu.ts'
import { readPublishers } from './passages.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const PER_PUBLISHER = Number(process.env['BENCH_CONVERSATIONS'] ?? 4)

interface Prepared {
  readonly content: ConversationContent
  readonly prompt: Dictionary | null
}

const prepare = ({ conversation, sharedPrompt }: Dialogue): Prepared => ({
  content: toConversationContent(conversation),
  prompt: sharedPrompt === null ? null : promptDictionary(sharedPrompt),
})

/** What one way of packing made of the corpus in its last round. */
interface Packed {
  readonly bytes: number
  readonly payloads: readonly ConversationPayload[]
}

async function packAll(
  documents: readonly Prepared[],
  general: Dictionary | null,
  hasPrompt: boolean,
): Promise<Packed> {
  const payloads: ConversationPayload[] = []
  let bytes = 0
  for (const { content, prompt } of documents) {
    const payload = await packConversation({ content, general, prompt: hasPrompt ? prompt : null })
    payloads.push(payload)
    bytes += payload.bytes.byteLength
  }
  return { bytes, payloads }
}

/** In this thread, since that is the fastest way to call it. */
function gzipAll(documents: readonly Prepared[]): number {
  let bytes = 0
  for (const { content } of documents) bytes += gzipSync(content.bytes, { level: 6 }).byteLength
  return bytes
}

/** Bytes of the dictionaries themselves, as they are stored, once each. */
function dictionaryBytes(dictionaries: Iterable<Dictionary>): number {
  let bytes = 0
  for (const dictionary of dictionaries) bytes += gzipSync(dictionary.bytes, { level: 9 }).byteLength
  return bytes
}

async function measure(title: string, documents: readonly Prepared[], general: Dictionary): Promise<void> {
  const ways = [
    { name: 'no dictionary', general: null, hasPrompt: false },
    { name: 'general dictionary', general, hasPrompt: false },
    { name: "task's prompt", general: null, hasPrompt: true },
    { name: "general dictionary and task's prompt", general, hasPrompt: true },
  ].filter(({ hasPrompt }) => !hasPrompt || documents.some(({ prompt }) => prompt !== null))
  const packed = new Map<string, Packed>()
  let gzipped = 0
  const measured = await interleaveCpu(
    [
      {
        name: 'gzip-6',
        run: async () => {
          gzipped = gzipAll(documents)
        },
      },
      ...ways.map((way) => ({
        name: way.name,
        run: async () => void packed.set(way.name, await packAll(documents, way.general, way.hasPrompt)),
      })),
    ],
    ROUNDS,
  )
  const raw = documents.reduce((total, { content }) => total + content.bytes.byteLength, 0)
  const prompts = new Map(documents.flatMap(({ prompt }) => (prompt === null ? [] : [[prompt.id, prompt]])))
  const [base] = measured
  console.log(
    `\n${title}: ${documents.length} conversations, ${raw} bytes, gzip-6 ${(gzipped / raw).toFixed(4)}, Node ${process.version}`,
  )
  console.log(
    '\n| Packed with | bytes ÷ gzip-6 | with dictionaries ÷ gzip-6 | speed ÷ gzip-6 (CPU) |\n|---|---|---|---|',
  )
  for (const way of ways) {
    const { bytes, payloads } = packed.get(way.name) ?? { bytes: Number.NaN, payloads: [] }
    const own = dictionaryBytes([
      ...(way.general === null ? [] : [way.general]),
      ...(way.hasPrompt ? prompts.values() : []),
    ])
    const cpu = measured.find(({ name }) => name === way.name)?.min ?? Number.NaN
    const speed = (base?.min ?? Number.NaN) / cpu
    console.log(
      `| ${way.name} | ${(bytes / gzipped).toFixed(3)} | ${((bytes + own) / gzipped).toFixed(3)} | ${speed.toFixed(2)} |`,
    )
    await checkAll(documents, payloads, [general, ...prompts.values()])
  }
}

async function checkAll(
  documents: readonly Prepared[],
  payloads: readonly ConversationPayload[],
  dictionaries: readonly Dictionary[],
): Promise<void> {
  const known = new Map(dictionaries.map((one) => [one.id, one]))
  for (const [index, payload] of payloads.entries()) {
    const getDictionary = async (id: string): Promise<Dictionary> =>
      known.get(id) ?? Promise.reject(new Error(id))
    const content = await unpackConversation({ payload, getDictionary })
    expect(Buffer.compare(content, documents[index]?.content.bytes ?? Buffer.alloc(0))).toBe(0)
  }
}

it('packs conversations', async () => {
  const nodeModules = fileURLToPath(new URL('../../../node_modules', import.meta.url))
  const [training, measured] = halves(readPublishers(nodeModules))
  const learnt = unrelatedDialogues(training, PER_PUBLISHER).map(prepare)
  const started = performance.now()
  const general = buildDictionary({ samples: learnt.map(({ content }) => content.bytes) })
  if (general === null) throw new Error('nothing was learnt: are packages installed?')
  expect(general.bytes.byteLength).toBeGreaterThan(64 * 1024)
  console.log(
    `learnt ${general.bytes.byteLength} bytes from ${learnt.length} conversations in ${(performance.now() - started).toFixed(0)} ms`,
  )
  console.log(`ways of packing: ${(await availableCompressions()).map(({ tag }) => tag).join(', ')}`)
  await measure('Unrelated', unrelatedDialogues(measured, PER_PUBLISHER).map(prepare), general)
  await measure(
    'Shared tasks (40 × 8)',
    sharedTaskDialogues(measured, { tasks: 40, miners: 8 }).map(prepare),
    general,
  )
})
