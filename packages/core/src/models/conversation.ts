import { z } from 'zod'

/** One turn: who spoke, and what; null where a model gave nothing. */
export const conversationMessageSchema = z.strictObject({
  role: z.string().min(1).max(64),
  content: z.string().nullable(),
})
/** See {@link conversationMessageSchema}. */
export type ConversationMessage = z.infer<typeof conversationMessageSchema>

/** What was said for one sample, and what else is worth keeping of it (usage, seed, request, verdict). */
export const conversationSchema = z.strictObject({
  messages: z.array(conversationMessageSchema),
  details: z.record(z.string(), z.json()),
})
/** See {@link conversationSchema}. */
export type Conversation = z.infer<typeof conversationSchema>
