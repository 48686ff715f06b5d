import { DynamoDB, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { expect, it } from 'vitest'

import { deleteTables, describeOnEachEngine, freshTables, type TestTables } from './engine.ts'

describeOnEachEngine('tables of a test file', (engine) => {
  it('can be removed by their prefix, and nobody else’s are', async () => {
    const client = new DynamoDB({
      endpoint: engine.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    const [mine, other] = [freshTables(engine), freshTables(engine)]
    for (const { tablePrefix } of [mine, other]) {
      await client.createTable({
        TableName: `${tablePrefix}_agents`,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      })
    }
    await deleteTables(engine.endpoint, mine.tablePrefix)
    const status = async ({ tablePrefix }: TestTables): Promise<string | undefined> =>
      (await client.describeTable({ TableName: `${tablePrefix}_agents` })).Table?.TableStatus
    await expect(status(mine)).rejects.toThrow(ResourceNotFoundException)
    expect(await status(other)).toBe('ACTIVE')
    await deleteTables(engine.endpoint, other.tablePrefix)
    client.destroy()
  })
})
