import { conversationDictionariesTable } from './conversation-dictionaries-table.ts'
import { requestNoncesTable } from './request-nonces-table.ts'
import { sampleConversationsTable } from './sample-conversations-table.ts'
import { systemConfigTable } from './system-config-table.ts'
import type { TableSpec } from './table-spec.ts'

/** Every table of our own repositories: what an app's init reconciles. */
export const allTables: readonly TableSpec[] = [
  conversationDictionariesTable,
  requestNoncesTable,
  sampleConversationsTable,
  systemConfigTable,
]
