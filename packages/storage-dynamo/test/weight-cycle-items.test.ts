import { summariseWeightCycle } from '@subnetkit/core'
import { buildWeightCycle, newHotkey } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { createDynamoRepositories, putItem, weightCyclesTable as table } from '../src/index.ts'
import { cyclePlaceItem, weightCycleItem } from '../src/repositories/weight-cycle-items.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection } from './open-connection.ts'

describeOnEachEngine('items of weight cycles', (engine) => {
  it('are listed and found also when they were stored before their miners were counted', async () => {
    await using opened = await openConnection(engine, [table])
    const { connection } = opened
    const { weightCycles } = createDynamoRepositories(connection)
    const cycle = buildWeightCycle({ validatorHotkey: newHotkey() })
    const { weightedMiners, ...older } = weightCycleItem.encode(cycle)
    expect(weightedMiners).toBeDefined()
    await putItem({ connection, table, item: older })
    const { netuid, validatorHotkey, cycleId, createdAt } = cycle
    const place = { netuid, validatorHotkey, cycleId, createdAt }
    await putItem({ connection, table, item: cyclePlaceItem.encode(place) })
    const newer = { ...cycle, cycleId: 'f'.repeat(32), createdAt: new Date(createdAt.getTime() + 1) }
    await weightCycles.put({ cycle: newer })
    expect(await weightCycles.find(cycle)).toStrictEqual(cycle)
    const { items } = await weightCycles.listSummaries({ netuid, validatorHotkey, limit: 9 })
    expect(items).toStrictEqual([newer, cycle].map(summariseWeightCycle))
  })

  it('are asked for without their vectors', async () => {
    await using opened = await openConnection(engine, [table])
    const asked: unknown[] = []
    const { documents } = opened.connection
    const weightCycles = createDynamoRepositories({
      ...opened.connection,
      documents: {
        ...documents,
        query: async (input, options) => {
          const output = await documents.query(input, options)
          asked.push(...(output.Items ?? []))
          return output
        },
      },
    }).weightCycles
    const cycle = buildWeightCycle({ validatorHotkey: newHotkey() })
    await weightCycles.put({ cycle })
    await weightCycles.listSummaries({ ...cycle, limit: 1 })
    expect(asked).toStrictEqual([expect.objectContaining({ steps: expect.anything() })])
    expect(asked[0]).not.toHaveProperty('weights')
  })
})
