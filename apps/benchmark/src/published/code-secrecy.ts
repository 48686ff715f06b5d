import type { Tournament } from '@subnetkit/core'

/**
 * Whether everybody may see where participants' code lies: once nobody can register any more. Before, the last to
 * register could enter what another wrote.
 */
export function isCodeShown({ status }: Pick<Tournament, 'status'>): boolean {
  return status === 'in_progress' || status === 'scoring' || status === 'completed'
}
