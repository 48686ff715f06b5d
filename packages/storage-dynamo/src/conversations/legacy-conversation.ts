import { promisify } from 'node:util'
import { gunzip, type InputType, type ZlibOptions } from 'node:zlib'

import type { Conversation, ConversationMessage } from '@subnetkit/core'

import { corruptConversation, MAX_CONVERSATION_BYTES, readConversation } from './conversation-content.ts'

const unpack = promisify<InputType, ZlibOptions, Buffer>(gunzip)

/** Where fields of a message that the model has no place for are kept: by the message's index. */
const MESSAGE_FIELDS = 'messageFields'
const UNKNOWN_ROLE = 'unknown'
const MAX_ROLE_LENGTH = 64

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads a payload of the system before: gzip of JSON, without a tag. It holds a bare list of messages, or an object
 * with `conversation` and more, which becomes `details`. What a message has beside role and content is kept in
 * `details.messageFields` by its index, and so is a content that is no text. Spacing, ASCII escapes, NaN and Infinity
 * of Python are understood; the last two become texts.
 *
 * @throws StorageError `corrupt_row` when it is empty, broken, no conversation, or larger than `maxBytes` unpacked.
 */
export async function readLegacyConversation(
  packed: Uint8Array,
  maxBytes: number = MAX_CONVERSATION_BYTES,
): Promise<Conversation> {
  if (packed.byteLength === 0) throw corruptConversation('is empty')
  const text = await unpackText(packed, maxBytes)
  return fromLegacyJson(parsePythonJson(text))
}

/** As {@link readLegacyConversation}, for JSON that is parsed already. */
export function fromLegacyJson(value: unknown): Conversation {
  if (Array.isArray(value)) return conversationOf(value, {})
  if (!isFields(value)) throw corruptConversation('holds neither a list of messages nor an object')
  const { conversation, ...details } = value
  if (conversation === undefined || conversation === null) return conversationOf([], details)
  if (!Array.isArray(conversation)) throw corruptConversation('has a conversation that is no list')
  return conversationOf(conversation, details)
}

function conversationOf(list: readonly unknown[], details: Fields): Conversation {
  const read = list.map(readMessage)
  const extra = read.flatMap(({ fields }, index) =>
    Object.keys(fields).length === 0 ? [] : [[String(index), fields] as const],
  )
  const messages = read.map(({ message }) => message)
  if (extra.length === 0) return readConversation({ messages, details })
  let name = MESSAGE_FIELDS
  while (Object.hasOwn(details, name)) name += '_'
  return readConversation({ messages, details: { ...details, [name]: Object.fromEntries(extra) } })
}

function readMessage(value: unknown): { message: ConversationMessage; fields: Fields } {
  if (typeof value === 'string') return { message: { role: UNKNOWN_ROLE, content: value }, fields: {} }
  if (!isFields(value)) throw corruptConversation('has a message that is neither an object nor a text')
  const { role, content, ...rest } = value
  const isRole = typeof role === 'string' && role.length > 0 && role.length <= MAX_ROLE_LENGTH
  const isContent = typeof content === 'string' || content === null || content === undefined
  const message = {
    role: isRole ? role : UNKNOWN_ROLE,
    content: typeof content === 'string' ? content : null,
  }
  return {
    message,
    fields: {
      ...rest,
      ...(isRole || role === undefined ? {} : { role }),
      ...(isContent ? {} : { content }),
    },
  }
}

async function unpackText(packed: Uint8Array, maxBytes: number): Promise<string> {
  try {
    const bytes = await unpack(packed, { maxOutputLength: maxBytes })
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw corruptConversation(`is no gzip of UTF-8 text, or holds more than ${maxBytes} bytes`, error)
  }
}

function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    try {
      return JSON.parse(withoutPythonNumbers(text))
    } catch {
      throw corruptConversation('is not JSON', error)
    }
  }
}

/** Python writes NaN, Infinity and -Infinity as bare words; inside texts they are left alone. */
function withoutPythonNumbers(text: string): string {
  return text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : `"${found}"`,
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
