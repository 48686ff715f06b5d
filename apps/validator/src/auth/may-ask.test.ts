import { expect, it } from 'vitest'

import { onlyAllowed } from './may-ask.ts'

const hotkey = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const ask = async (allowed: readonly string[]): Promise<void> => {
  const mayAsk = onlyAllowed({ allowed: async () => new Set(allowed), allowedBy: 'executors.allowed' })
  await mayAsk({ hotkey, query: {}, contentLength: null })
}

it('lets on who is on the list, and nobody when it is empty', async () => {
  await expect(ask(['5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty', hotkey])).resolves.toBeUndefined()
  for (const allowed of [[], ['5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'], [hotkey.toLowerCase()]]) {
    await expect(ask(allowed)).rejects.toMatchObject({
      status: 403,
      code: 'not_allowed',
      hint: expect.stringContaining('executors.allowed'),
    })
  }
})
