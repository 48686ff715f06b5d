/** What a verdict says of a report: right, wrong about the world, about nothing that could be true, or made up. */
export type VerdictKind = 'right' | 'wrong' | 'badData' | 'fabricated'

/** Every verdict on a reported pattern, in the order of their codes. */
export const verdicts = [
  'found',
  'already_found',
  'wrong_type',
  'not_planted',
  'duplicate',
  'malformed',
  'unknown_type',
  'too_few_addresses',
  'too_many_addresses',
  'repeated_address',
  'untraced',
  'unknown_address',
  'unknown_transaction',
] as const

/** One of {@link verdicts}. */
export type Verdict = (typeof verdicts)[number]

/** How each verdict counts. Made-up data ends an epoch; bad data lowers its correctness; wrong reports its precision. */
export const verdictKinds: Readonly<Record<Verdict, VerdictKind>> = {
  found: 'right',
  already_found: 'wrong',
  wrong_type: 'wrong',
  not_planted: 'wrong',
  duplicate: 'wrong',
  malformed: 'badData',
  unknown_type: 'badData',
  too_few_addresses: 'badData',
  too_many_addresses: 'badData',
  repeated_address: 'badData',
  untraced: 'badData',
  unknown_address: 'fabricated',
  unknown_transaction: 'fabricated',
}

/** The sentence that a person reads. `position` counts from 1; `pattern` names the planted pattern it is about. */
export function explainVerdict(verdict: Verdict, position: number, pattern: string): string {
  switch (verdict) {
    case 'found':
      return `accepted: it is the planted pattern ${pattern}`
    case 'already_found':
      return 'not counted: a report that fits the same planted pattern better was accepted'
    case 'wrong_type':
      return `not counted: it covers the planted pattern ${pattern}, which has another type`
    case 'not_planted':
      return 'not counted: no planted pattern shares more than half of its addresses'
    case 'duplicate':
      return 'not counted: the same addresses were reported with the same type before'
    case 'malformed':
      return 'refused: the row is not a reported pattern'
    case 'unknown_type':
      return 'refused: its type is none that can be reported'
    case 'too_few_addresses':
      return 'refused: one address is no pattern'
    case 'too_many_addresses':
      return 'refused: it lists more addresses than a pattern may have'
    case 'repeated_address':
      return `refused: address ${position} is listed before`
    case 'untraced':
      return `refused: no transfer of the snapshot leads to address ${position} from the others as claimed`
    case 'unknown_address':
      return `made up: address ${position} does not occur in the snapshot`
    case 'unknown_transaction':
      return `made up: transaction ${position} does not occur in the snapshot`
    default:
      return verdict satisfies never
  }
}
