import type { TournamentResult } from '../models/tournament-result.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Results (`tournament_results`), keyed by tournament and hotkey: scoring again replaces them. */
export interface TournamentResultRepository {
  put(params: Readonly<{ results: readonly TournamentResult[] }>, options?: CallOptions): Promise<void>
  find(
    params: Readonly<{ tournamentId: string; hotkey: string }>,
    options?: CallOptions,
  ): Promise<TournamentResult | null>
  /** By rank. */
  list(
    params: Readonly<{ tournamentId: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<TournamentResult>>
}
