import {
  conversationDictionariesTable,
  sampleConversationsTable,
  samplePresenceTable,
  sampleResultsTable,
  type TableSpec,
} from '../src/index.ts'

/** What samples, their conversations and their marks are kept in. */
export const sampleTables: readonly TableSpec[] = [
  conversationDictionariesTable,
  sampleConversationsTable,
  samplePresenceTable,
  sampleResultsTable,
]
