import { createHash } from 'node:crypto'

import { detectionDefaults } from './detection-options.ts'

/** Raised whenever a detector's rule changes in a way that its options do not show. */
const RULES_REVISION = 4

/** Names what the detectors do, rules and defaults: another version finds other things and gets another snapshot. */
export const DETECTOR_VERSION = `detectors-${RULES_REVISION}-${createHash('sha256')
  .update(JSON.stringify(detectionDefaults))
  .digest('hex')
  .slice(0, 12)}`
