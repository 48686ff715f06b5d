const MIB = 1024 * 1024

/** What a submission may weigh. A detector in plain code is a few MB; what is larger carries data. */
export const scanLimits = {
  /** One file. */
  fileBytes: 10 * MIB,
  /** All files together. */
  totalBytes: 100 * MIB,
  files: 500,
  /** Files that are no code: settings, prose, JSON; lock files may have {@link scanLimits.fileBytes}. */
  dataBytes: MIB,
  /** Findings that are told; the scan stops looking when it has as many. */
  findings: 100,
  /** Findings of one rule in one file. */
  findingsOfRule: 3,
} as const
