import { contentIdSchema, hotkeySchema, netuidSchema, type CycleScope } from '@subnetkit/core'

import { checkParam } from './check-param.ts'
import type { Condition } from './key-condition.ts'

/** The cycles of one validator on one subnet. */
export function cycleScopeCondition({ netuid, validatorHotkey }: CycleScope): Condition {
  checkParam('netuid', netuidSchema, netuid)
  checkParam('validatorHotkey', hotkeySchema, validatorHotkey)
  return {
    where: 'netuid = {netuid:UInt16} AND validator_hotkey = {validatorHotkey:String}',
    params: { netuid, validatorHotkey },
  }
}

/** One cycle, in any table that begins with the key of cycles. */
export function cycleCondition({ cycleId, ...scope }: CycleScope & { readonly cycleId: string }): Condition {
  checkParam('cycleId', contentIdSchema, cycleId)
  const { where, params } = cycleScopeCondition(scope)
  return { where: `${where} AND cycle_id = {cycleId:String}`, params: { ...params, cycleId } }
}
