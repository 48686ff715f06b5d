import type { Conversation, ConversationMessage } from '@subnetkit/core'

import type { Publisher } from './passages.ts'
import { randomFrom } from './random.ts'

/** A conversation with the text that all miners got for its task, if any. */
export interface Dialogue {
  readonly conversation: Conversation
  readonly sharedPrompt: string | null
}

const systemPrompts = [
  'You are a careful senior engineer. Answer with working code and explain every decision that is not obvious. When something is unclear, say what you assume.',
  'You solve programming tasks step by step. Think first, then give the final answer in a fenced block. Do not use the network.',
  'You are reviewing documentation of a library. Rewrite what is asked for, keep names and numbers as they are, and point out what is wrong.',
  'Act as a teacher: explain the idea in plain words, show one example, and end with a question that checks understanding.',
] as const

const questions = [
  'What does this do, and where could it fail?',
  'Please continue from here.',
  'How would you test this?',
  'Rewrite this so that it handles errors, and explain the change:',
  'Summarise the following and show how to use it.',
] as const

/** Splits publishers into two halves that share none, whatever their number. */
export function halves(
  publishers: readonly Publisher[],
): readonly [readonly Publisher[], readonly Publisher[]] {
  const usable = publishers.filter(({ prose, code }) => prose.length >= 4 && code.length >= 4)
  return [usable.filter((_, index) => index % 2 === 0), usable.filter((_, index) => index % 2 === 1)]
}

/** Conversations about one publisher's packages each: 2.5–63 KB, median about 18 KB; no passage occurs twice in one. */
export function unrelatedDialogues(
  publishers: readonly Publisher[],
  perPublisher: number,
): readonly Dialogue[] {
  const random = randomFrom(7)
  return publishers.flatMap((publisher) =>
    Array.from({ length: perPublisher }, () => {
      const target = clamp(Math.exp(Math.log(18_000) + 0.8 * gaussian(random)), 2_500, 63_000)
      const draw = drawer(publisher, random)
      const messages: ConversationMessage[] = [{ role: 'system', content: pick(systemPrompts, random) }]
      let size = 0
      while (size < target) {
        const asked = draw(random() < 0.5)
        const answered = [draw(false), draw(true), random() < 0.5 ? draw(true) : null].filter(
          (one) => one !== null,
        )
        if (asked === null || answered.length === 0) break
        messages.push({ role: 'user', content: `${pick(questions, random)}\n\n${asked}` })
        messages.push({ role: 'assistant', content: answered.join('\n\n') })
        size += asked.length + answered.join('').length
      }
      return { conversation: { messages, details: detailsOf(random, size) }, sharedPrompt: null }
    }),
  )
}

/** Tasks that many miners answer: one prompt each, about a third of the bytes, and an answer of other texts each. */
export function sharedTaskDialogues(
  publishers: readonly Publisher[],
  size: Readonly<{ tasks: number; miners: number }>,
): readonly Dialogue[] {
  const random = randomFrom(11)
  return Array.from({ length: size.tasks }).flatMap((_, task) => {
    const prompt = promptFrom(at(publishers, task), random)
    return Array.from({ length: size.miners }, (_miner, miner) => {
      const other = at(publishers, task * size.miners + miner + 1 + Math.floor(random() * publishers.length))
      const draw = drawer(other, random)
      const target = prompt.length * (1.6 + random())
      const parts: string[] = []
      for (let length = 0; length < target;) {
        const part = draw(random() < 0.6)
        if (part === null) break
        parts.push(part)
        length += part.length
      }
      const answer = parts.join('\n\n')
      const messages = [
        { role: 'user', content: prompt },
        { role: 'assistant', content: answer },
      ]
      return { conversation: { messages, details: detailsOf(random, answer.length) }, sharedPrompt: prompt }
    })
  })
}

function promptFrom(publisher: Publisher, random: () => number): string {
  const draw = drawer(publisher, random)
  const parts: string[] = [pick(systemPrompts, random)]
  const target = clamp(Math.exp(Math.log(5_000) + 0.6 * gaussian(random)), 1_000, 20_000)
  for (let length = 0; length < target;) {
    const part = draw(random() < 0.5)
    if (part === null) break
    parts.push(part)
    length += part.length
  }
  return [...parts, pick(questions, random)].join('\n\n')
}

/** Gives passages at random, none twice; null when there are no more. */
function drawer(publisher: Publisher, random: () => number): (isCode: boolean) => string | null {
  const left = { prose: [...publisher.prose], code: [...publisher.code] }
  return (isCode) => {
    const wanted = isCode ? left.code : left.prose
    const from = wanted.length > 0 ? wanted : isCode ? left.prose : left.code
    const [passage] = from.splice(Math.floor(random() * from.length), 1)
    if (passage === undefined) return null
    return from === left.code ? `\`\`\`js\n${passage}\n\`\`\`` : passage
  }
}

function detailsOf(random: () => number, size: number): Conversation['details'] {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  const completion = Math.floor(size / 5)
  return {
    model: 'example/sample-model-7b',
    usage: { prompt_tokens: Math.floor(size / 9), completion_tokens: completion },
    request: { id: hex, temperature: 0.7, seed: Math.floor(random() * 2 ** 31) },
  }
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

function pick(list: readonly string[], random: () => number): string {
  return list[Math.floor(random() * list.length)] ?? ''
}

function at(publishers: readonly Publisher[], index: number): Publisher {
  return publishers[index % publishers.length] ?? { name: '', prose: [], code: [] }
}
