/** Something that a reader of the result must know: a budget that was hit, a rule that was off. */
export interface DetectionNotice {
  readonly code: 'budget_hit' | 'rule_off'
  readonly detector: string
  readonly message: string
}
