import { InputError, type InputErrorOptions } from '@subnetkit/core'

/** Why somebody cannot take part, as the API tells it. */
export const registrationCodes = [
  'TOURNAMENT_NOT_FOUND',
  'NOT_REGISTRATION_PERIOD',
  'MINER_NOT_FOUND',
  'MINER_NOT_ACTIVE',
  'ALREADY_REGISTERED',
  'MAX_PARTICIPANTS',
  'NOT_REGISTERED',
] as const
/** One of {@link registrationCodes}. */
export type RegistrationCode = (typeof registrationCodes)[number]

/** A registration or withdrawal that is refused; bad input with a code, so that a server can answer with the right status. */
export class RegistrationError extends InputError {
  readonly code: RegistrationCode

  constructor(code: RegistrationCode, options: InputErrorOptions) {
    super(options)
    this.code = code
  }
}
