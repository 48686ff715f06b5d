import type { RpcRefusal } from './rpc-refusal.ts'

/** Subtensor's own reasons to keep an extrinsic out of the pool, by the number that the node shows. */
const customErrors: Readonly<Record<number, string>> = {
  0: 'ColdkeyInSwapSchedule',
  1: 'StakeAmountTooLow',
  2: 'BalanceTooLow',
  3: 'SubnetNotExists',
  4: 'HotkeyAccountDoesntExist',
  5: 'NotEnoughStakeToWithdraw',
  6: 'RateLimitExceeded',
  10: 'HotKeyNotRegisteredInNetwork',
  15: 'InvalidRevealRound',
  16: 'CommitNotFound',
  17: 'CommitBlockNotInRevealRange',
  18: 'InputLengthsUnequal',
  19: 'UidNotFound',
  255: 'BadRequest',
}
/** The pool's answers that are certain: it has not taken the extrinsic and passes it to nobody. */
const poolErrors: Readonly<Record<number, string>> = {
  1002: 'VerificationError',
  1010: 'InvalidTransaction',
  1011: 'UnknownTransactionValidity',
  1012: 'TemporarilyBanned',
  1014: 'PriorityIsTooLow',
  1015: 'CycleDetected',
  1016: 'ImmediatelyDropped',
  1018: 'Unactionable',
}

/** The name of a refusal by the pool; null when it does not tell whether the extrinsic was taken. */
export function poolRefusalName(refusal: RpcRefusal): string | null {
  const name = poolErrors[refusal.code]
  if (name === undefined) return null
  const custom =
    typeof refusal.data === 'string' ? /^Custom error: (\d{1,3})$/.exec(refusal.data)?.[1] : undefined
  if (custom === undefined) return name
  return customErrors[Number(custom)] ?? `Custom${custom}`
}
