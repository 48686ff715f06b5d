import { column } from '../codecs/column.ts'

const dayKeyColumns = {
  network: column.lowCardinality(),
  processingDate: column.date(),
  windowDays: column.uint16(),
} as const

/** The columns with which every table of a snapshot's rows begins. */
export const snapshotKeyColumns = { ...dayKeyColumns, snapshotId: column.lowCardinality() } as const

/** The columns with which every table of a batch's results begins. */
export const batchKeyColumns = { ...dayKeyColumns, batchId: column.lowCardinality() } as const
