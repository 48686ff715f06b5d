/** Every rule of the scanner; a submission that breaks one is refused. The README of the kit tells miners what to do. */
export const scanRules = [
  'bitcoin-address',
  'binary',
  'built-code',
  'case-collision',
  'coin-miner',
  'computed-import',
  'data-table',
  'dataset-address',
  'decoded-execution',
  'disguised',
  'dockerfile-add',
  'dockerfile-base',
  'dockerfile-copy',
  'dockerfile-entrypoint',
  'dockerfile-environment',
  'dockerfile-instruction',
  'dockerfile-missing',
  'dockerfile-run',
  'dockerfile-unreadable',
  'dockerfile-user',
  'double-extension',
  'download-and-run',
  'embedded-secret',
  'encoded-blob',
  'escape-flood',
  'evm-address',
  'file-too-large',
  'hash-list',
  'hidden-character',
  'host-probing',
  'identifier-soup',
  'large-data',
  'link',
  'look-alike-letter',
  'minified',
  'number-table',
  'odd-name',
  'refused-kind',
  'reverse-shell',
  'reviewer',
  'secret-reading',
  'special-file',
  'split-name',
  'ss58-address',
  'too-many-files',
  'too-much-to-review',
  'transaction-hash',
  'tree-too-large',
  'unknown-kind',
  'unreadable',
] as const
/** One of {@link scanRules}. */
export type ScanRule = (typeof scanRules)[number]

/** One reason to refuse a submission. */
export interface ScanFinding {
  readonly rule: ScanRule
  /** Relative to the tree, shortened and without control characters; `.` for the whole. */
  readonly path: string
  /** From 1; null where no line is at fault. */
  readonly line: number | null
  /** A sentence for the miner; it never quotes more than a few characters of the file. */
  readonly message: string
}

/** What a rule over a text says: where in the text, by index, or null for all of it. */
export interface TextHit {
  readonly rule: ScanRule
  readonly index: number | null
  readonly message: string
}
