import { defineTask, type Task } from '@subnetkit/core'
import { z } from 'zod'

import { stepRetry } from './step-retry.ts'

/** What a migration did or would do. */
export interface SchemaReport {
  readonly database: string
  /** File names in order: those that were applied, or in a dry run would be. */
  readonly migrations: readonly string[]
}

/** Who brings the control database to the newest schema. */
export interface Migrator {
  migrate(options: Readonly<{ isDryRun: boolean; signal: AbortSignal }>): Promise<SchemaReport>
}

const contextSchema = z.strictObject({ isDryRun: z.boolean() })

const LIMIT_MS = 1_800_000

/** Makes the control database and brings its tables to the newest schema. Harmless when repeated. */
export const initialiseTask: Task<Migrator, z.infer<typeof contextSchema>, SchemaReport> = defineTask({
  name: 'benchmark-initialise',
  context: contextSchema,
  retry: stepRetry,
  timeLimitMs: LIMIT_MS,
  run: async (migrator: Migrator, { isDryRun }, { signal }) => await migrator.migrate({ isDryRun, signal }),
})
