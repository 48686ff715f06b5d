import type { JsonValue } from '@subnetkit/core'
import { z } from 'zod'

import { MinerFault } from './miner-fault.ts'

/** What is kept of a completion. */
export interface Completion {
  readonly content: string
  /** Counts that the miner claims: at most 16 whole or broken numbers. */
  readonly usage: Readonly<Record<string, JsonValue>>
}

const completionSchema = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ content: z.unknown().optional() }) })).min(1),
  usage: z.unknown().optional(),
})

const MAX_USAGE_FIELDS = 16
const usageField = /^[a-z][a-z0-9_]{0,63}$/

/** Reads the body of a chat completion. @throws MinerFault for anything but UTF-8 JSON with a text as first choice. */
export function parseCompletion(body: Uint8Array): Completion {
  const parsed = completionSchema.safeParse(parseJson(decodeUtf8(body)))
  if (!parsed.success) throw fault('bad_body', 'the body is no chat completion')
  const content = parsed.data.choices[0]?.message.content
  if (content === null || content === undefined) throw fault('no_content', 'the completion has no content')
  if (typeof content !== 'string') throw fault('bad_content', 'the content of the completion is not text')
  if (/\p{Surrogate}/u.test(content)) throw fault('bad_text', 'the content holds half a character')
  return { content, usage: readUsage(parsed.data.usage) }
}

const inputTooLong =
  /context (?:length|window|size)|maximum context|too many (?:input )?tokens|longer than the (?:model|maximum)|(?:input|prompt) is too long|exceeds? the (?:model|maximum)/i

/** Whether a refusal says that the input is longer than the model takes. */
export function saysInputTooLong(body: Uint8Array): boolean {
  return inputTooLong.test(Buffer.from(body.subarray(0, 4_096)).toString('latin1'))
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw fault('bad_utf8', 'the body is not UTF-8')
  }
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    throw fault('bad_json', 'the body is not JSON')
  }
}

function readUsage(usage: unknown): Readonly<Record<string, JsonValue>> {
  if (typeof usage !== 'object' || usage === null) return {}
  const fields = Object.entries(usage).filter(
    ([name, value]) => usageField.test(name) && typeof value === 'number' && Number.isFinite(value),
  )
  return Object.fromEntries(fields.slice(0, MAX_USAGE_FIELDS))
}

function fault(reason: string, message: string): MinerFault {
  return new MinerFault({ reason, message })
}
