import { z } from 'zod'

/** What a node sends: an answer, a refusal, or news of a subscription. */
export type RpcMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | {
      readonly kind: 'error'
      readonly id: number
      readonly code: number
      readonly message: string
      readonly data: unknown
    }
  | { readonly kind: 'notification'; readonly subscription: string | number; readonly result: unknown }

const resultSchema = z
  .object({ id: z.int(), result: z.unknown() })
  .transform((message): RpcMessage => ({ kind: 'result', id: message.id, result: message.result }))
const errorSchema = z
  .object({
    id: z.int(),
    error: z.object({ code: z.int(), message: z.string(), data: z.unknown().optional() }),
  })
  .transform(({ id, error: { code, message, data } }): RpcMessage => ({
    kind: 'error',
    id,
    code,
    message,
    data,
  }))
const notificationSchema = z
  .object({ params: z.object({ subscription: z.union([z.string(), z.number()]), result: z.unknown() }) })
  .transform(({ params }): RpcMessage => ({ kind: 'notification', ...params }))
const messageSchema = z.union([errorSchema, notificationSchema, resultSchema])

/** Null for what is no JSON-RPC message. */
export function parseRpcMessage(data: unknown): RpcMessage | null {
  if (typeof data !== 'string') return null
  try {
    return messageSchema.safeParse(JSON.parse(data)).data ?? null
  } catch {
    return null
  }
}
