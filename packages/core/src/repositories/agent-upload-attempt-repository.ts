import type { AgentUploadAttempt } from '../models/agent-upload-attempt.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** The log of attempts at uploads, for `AGENT_UPLOAD_ATTEMPT_DAYS` days. */
export interface AgentUploadAttemptRepository {
  /**
   * Takes one of the hotkey's places in the hour of `now`, or gives false when there are no more: however many come at
   * once, no more than `maxPerHour` are told `true`. It is what bounds the log.
   */
  admit(
    params: Readonly<{ minerHotkey: string; maxPerHour: number; now: Date }>,
    options?: CallOptions,
  ): Promise<boolean>
  /** The same attempt again changes nothing. */
  append(params: Readonly<{ attempt: AgentUploadAttempt }>, options?: CallOptions): Promise<void>
  /** A hotkey's attempts, newest first. */
  list(
    params: Readonly<{ minerHotkey: string; now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<AgentUploadAttempt>>
}
