import type { TournamentParticipant } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

/** Who is to take part where. */
export interface RegistrationParams {
  readonly tournamentId: string
  readonly hotkey: string
  readonly signal: AbortSignal
}

/** The one thing that the API changes: who takes part. Both hold the tournament's lock while they decide. */
export interface Registration {
  /** Rejects with a code of {@link registrationRefusals} when the rules say no. */
  register(params: RegistrationParams): Promise<TournamentParticipant>
  /** The same; resolves once the place is free again. */
  withdraw(params: RegistrationParams): Promise<unknown>
}

/** The status of each reason for which a registration is refused. */
const registrationRefusals: Readonly<Record<string, 403 | 404 | 409 | 422>> = {
  NOT_REGISTRATION_PERIOD: 403,
  MINER_NOT_ACTIVE: 403,
  TOURNAMENT_NOT_FOUND: 404,
  MINER_NOT_FOUND: 404,
  NOT_REGISTERED: 404,
  ALREADY_REGISTERED: 409,
  MAX_PARTICIPANTS: 422,
}

/** A refusal by the rules as the client is told it; any other failure as it is. */
export function toRequestRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  const { code, message } = error
  const status = Object.hasOwn(registrationRefusals, code) ? registrationRefusals[code] : undefined
  if (status === undefined) return error
  const hint = 'hint' in error && typeof error.hint === 'string' ? { hint: error.hint } : {}
  return new RequestRefusal({ status, code, message, ...hint })
}
