import type { TournamentParticipant } from '../models/tournament-participant.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Participants (`tournament_participants`), keyed by tournament and hotkey. Whoever changes one holds the tournament's lock. */
export interface TournamentParticipantRepository {
  /** Stores it as it stands now. */
  put(params: Readonly<{ participant: TournamentParticipant }>, options?: CallOptions): Promise<void>
  find(
    params: Readonly<{ tournamentId: string; hotkey: string }>,
    options?: CallOptions,
  ): Promise<TournamentParticipant | null>
  /** @throws StorageError `not_found` */
  get(
    params: Readonly<{ tournamentId: string; hotkey: string }>,
    options?: CallOptions,
  ): Promise<TournamentParticipant>
  /** By order of registration: the baseline first. Those who withdrew are among them. */
  list(
    params: Readonly<{ tournamentId: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<TournamentParticipant>>
  /** The next order of registration: one more than was ever given, 1 for the first miner. */
  nextRegistrationOrder(params: Readonly<{ tournamentId: string }>, options?: CallOptions): Promise<number>
  /** Miners who take part, those who withdrew left out, by tournament; tournaments without any are left out. */
  countMiners(
    params: Readonly<{ tournamentIds: readonly string[] }>,
    options?: CallOptions,
  ): Promise<ReadonlyMap<string, number>>
}
