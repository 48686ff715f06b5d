import type { ExecutionLog } from '../models/execution-log.ts'
import type { ExecutionOutcome } from '../models/sampling-task.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Attempts of a miner that finished in [from, to), of one outcome when it is given. */
export type ExecutionLogScope = Readonly<{
  minerHotkey: string
  from: Date
  to: Date
  outcome?: ExecutionOutcome
  now: Date
}>

/** What was tried, for seven days. */
export interface ExecutionLogRepository {
  /** The same attempt again changes nothing. */
  append(params: Readonly<{ log: ExecutionLog }>, options?: CallOptions): Promise<void>
  /** Newest first. A filter by outcome gives full pages: it is applied before the limit. */
  list(params: ExecutionLogScope & PageParams, options?: CallOptions): Promise<Page<ExecutionLog>>
  /** Newest first. */
  stream(params: ExecutionLogScope, options?: CallOptions): AsyncIterable<ExecutionLog>
}
