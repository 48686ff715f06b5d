import { describe, expect, it } from 'vitest'

import { readDynamoParams } from './dynamo-params.ts'

describe('readDynamoParams', () => {
  it.each([
    [{}, { target: { kind: 'embedded' }, tablePrefix: 'subnetkit' }],
    [
      { DYNAMODB_ENDPOINT: ' ', AWS_REGION: '' },
      { target: { kind: 'embedded' }, tablePrefix: 'subnetkit' },
    ],
    [{ AWS_REGION: 'eu-central-1' }, { target: { kind: 'embedded' }, tablePrefix: 'subnetkit' }],
    [
      { DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000', DYNAMODB_TABLE_PREFIX: 'team_dev' },
      {
        target: { kind: 'endpoint', endpoint: 'http://127.0.0.1:8000/', region: null },
        tablePrefix: 'team_dev',
      },
    ],
    [
      { DYNAMODB_ENDPOINT: 'aws', AWS_REGION: 'eu-central-1' },
      { target: { kind: 'aws', region: 'eu-central-1' }, tablePrefix: 'subnetkit' },
    ],
  ])('%j', (env, params) => {
    expect(readDynamoParams(env)).toStrictEqual(params)
  })

  it.each([
    [{ DYNAMODB_ENDPOINT: 'localhost:8000' }, /^DYNAMODB_ENDPOINT: "localhost:8000" is neither/],
    [{ DYNAMODB_ENDPOINT: 'AWS' }, /^DYNAMODB_ENDPOINT/],
    [{ DYNAMODB_ENDPOINT: 'file:///tmp' }, /^DYNAMODB_ENDPOINT/],
    [{ DYNAMODB_ENDPOINT: 'aws' }, /^AWS_REGION: is not set/],
    [{ AWS_REGION: 'Frankfurt am Main' }, /^AWS_REGION: "Frankfurt am Main"/],
    [{ DYNAMODB_TABLE_PREFIX: 'a/b' }, /^DYNAMODB_TABLE_PREFIX: "a\/b"/],
    [{ DYNAMODB_TABLE_PREFIX: 'x'.repeat(101) }, /^DYNAMODB_TABLE_PREFIX/],
  ])('refuses %j', (env, message) => {
    expect(() => readDynamoParams(env)).toThrow(expect.objectContaining({ name: 'InputError' }))
    expect(() => readDynamoParams(env)).toThrow(message)
  })
})
