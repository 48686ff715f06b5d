import { agentWorkedSetContract, evaluationWorkedSetContract } from '@subnetkit/core/contracts'
import { afterAll } from 'vitest'

import { createDynamoRepositories, type DynamoRepositories } from '../src/index.ts'
import { agentTables } from './agent-tables.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

describeOnEachEngineInSoak('the worked set of the agent registry', (engine) => {
  let opening: Promise<TestConnection> | undefined
  const setup = async (): Promise<DynamoRepositories> => {
    opening ??= openConnection(engine, agentTables)
    return createDynamoRepositories((await opening).connection)
  }
  afterAll(async () => {
    await (await opening)?.close()
  })

  agentWorkedSetContract({ setup })
  evaluationWorkedSetContract({ setup })
})
