import type { TournamentParticipant } from '@subnetkit/core'

/** Whether a participant is still in: it did not withdraw, fail or get disqualified, and gets further runs. */
export function takesPart({ status }: Pick<TournamentParticipant, 'status'>): boolean {
  return status === 'active' || status === 'completed'
}
