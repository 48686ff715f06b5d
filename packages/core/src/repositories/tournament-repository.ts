import type { ImageType } from '../models/image-type.ts'
import type { Tournament, TournamentStatus } from '../models/tournament.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Tournaments (`tournament_tournaments`). Whoever changes one holds its lock. */
export interface TournamentRepository {
  /** Stores it as it stands now. */
  put(params: Readonly<{ tournament: Tournament }>, options?: CallOptions): Promise<void>
  find(params: Readonly<{ tournamentId: string }>, options?: CallOptions): Promise<Tournament | null>
  /** @throws StorageError `not_found` */
  get(params: Readonly<{ tournamentId: string }>, options?: CallOptions): Promise<Tournament>
  /** Latest start of competition first, then by id; of one type, of some states where they are given. */
  list(
    params: Readonly<{ imageType?: ImageType; statuses?: readonly TournamentStatus[] } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<Tournament>>
  count(
    params: Readonly<{ imageType?: ImageType; statuses?: readonly TournamentStatus[] }>,
    options?: CallOptions,
  ): Promise<number>
}
