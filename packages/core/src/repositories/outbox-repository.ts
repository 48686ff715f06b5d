import type { OutboxEntry } from '../models/outbox-entry.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** What the store that decides still has to tell the store that copies. Durable: an entry stays until it is removed. */
export interface OutboxRepository {
  /** Stores an entry, or replaces the one of its subject, time and id: how a pending one becomes settled. */
  put(params: Readonly<{ entry: OutboxEntry }>, options?: CallOptions): Promise<void>
  /** All entries, those of one agent together and in the order in which they were put. Sees every put before it. */
  list(params: PageParams, options?: CallOptions): Promise<Page<OutboxEntry>>
  /** Takes an entry out; false when there is none any more, or when it was settled since it was read and so stays. */
  remove(params: Readonly<{ entry: OutboxEntry }>, options?: CallOptions): Promise<boolean>
  /** How many entries there are, pending ones included. */
  count(options?: CallOptions): Promise<number>
}
