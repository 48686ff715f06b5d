import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { expect, it } from 'vitest'

import { describeOnEachEngine, freshTables } from './engine.ts'

describeOnEachEngine('tables of a test file', (engine) => {
  it('are gone after close, and nobody else’s are', async () => {
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
    await mine.close()
    const { TableNames: names = [] } = await client.listTables({})
    expect(names).not.toContain(`${mine.tablePrefix}_agents`)
    expect(names).toContain(`${other.tablePrefix}_agents`)
    await other.close()
    client.destroy()
  })
})
