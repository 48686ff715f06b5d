import type { DetectionContext } from '../detection-context.ts'
import { createPayments } from './payments.ts'

/**
 * The same window with every transfer as a payment of its own. Joined payments see through sums that are cut up; this
 * view sees quick rounds of the same money between the same addresses, which joining hides.
 */
export async function singleTransferContext(context: DetectionContext): Promise<DetectionContext> {
  await context.checkpoint()
  return { ...context, payments: createPayments(context.graph, context.amounts.amounts, 0) }
}
