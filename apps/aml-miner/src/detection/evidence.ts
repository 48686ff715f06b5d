/** A JSON value whose keys keep the order in which they were written, so that its text is the same in every run. */
export type EvidenceValue =
  string | number | boolean | null | readonly EvidenceValue[] | { readonly [key: string]: EvidenceValue }

/** The inputs of the rule that fired. Numbers are finite. */
export type Evidence = Readonly<Record<string, EvidenceValue>>

/** Hops that an alert's evidence shows at most; totals count all of them. */
export const MAX_EVIDENCE_HOPS = 50
