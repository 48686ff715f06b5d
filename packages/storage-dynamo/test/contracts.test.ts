import { requestNonceRepositoryContract, systemConfigRepositoryContract } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { allTables, createDynamoRepositories } from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

/** Which contract certifies which repository; the test below fails for a repository without one. */
const contracts = {
  requestNonces: requestNonceRepositoryContract,
  systemConfig: systemConfigRepositoryContract,
}

describeOnEachEngine('repositories', (engine) => {
  let opened: TestConnection | undefined

  contracts.requestNonces({
    setup: async () => {
      opened = await openConnection(engine, allTables)
      return createDynamoRepositories(opened.connection).requestNonces
    },
    teardown: async () => opened?.close(),
  })
  contracts.systemConfig({
    setup: async () => {
      opened = await openConnection(engine, allTables)
      return createDynamoRepositories(opened.connection).systemConfig
    },
    teardown: async () => opened?.close(),
  })
})

describeOnEachEngine('every repository of the package', (engine) => {
  it('has a contract', async () => {
    await using opened = await openConnection(engine)
    expect(Object.keys(createDynamoRepositories(opened.connection)).sort()).toStrictEqual(
      Object.keys(contracts).sort(),
    )
  })
})
