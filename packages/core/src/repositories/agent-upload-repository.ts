import type { AgentUpload } from '../models/agent-upload.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Uploads of agents by hotkey and version number, each number for one content. */
export interface AgentUploadRepository {
  /**
   * Takes a version number for a content; of any number of contents at once exactly one gets it. The same content again
   * gives what is stored, with the ids of this call: they change only when the hotkey turns out to have another agent.
   *
   * @throws StorageError `conflict` with `details.reason` `other_content` when another content has the number;
   *   `invalid_input` also for a time after `now`, see `MAX_CLOCK_SKEW_MS`.
   */
  claim(
    params: Readonly<{ upload: Omit<AgentUpload, 'completedAt'>; now: Date }>,
    options?: CallOptions,
  ): Promise<AgentUpload>
  /**
   * Says that everything of an upload is stored; saying it again keeps the first time.
   *
   * @throws StorageError `not_found` for a number that nobody claimed.
   */
  complete(
    params: Readonly<{ minerHotkey: string; versionNum: number; now: Date }>,
    options?: CallOptions,
  ): Promise<AgentUpload>
  /** Consistent. */
  find(
    params: Readonly<{ minerHotkey: string; versionNum: number }>,
    options?: CallOptions,
  ): Promise<AgentUpload | null>
  /** A hotkey's uploads, the highest number first; consistent. */
  list(
    params: Readonly<{ minerHotkey: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<AgentUpload>>
}
