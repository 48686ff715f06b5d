import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import { startEmbeddedDynamo } from '../src/embedded/start-embedded-dynamo.ts'
import { hasJava, startDynamoDbLocal } from './dynamodb-local.ts'
import type { DynamoTestEngine } from './engine.ts'

const stops: Array<() => Promise<void>> = []

/** Starts each engine that this machine can run, once for the whole run. */
export async function setup(project: TestProject): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const [embedded, local] = await Promise.all([startEmbedded(), startLocal()])
  const server = process.env['DYNAMODB_ENDPOINT']
  const engines: DynamoTestEngine[] = [embedded, local]
  if (server !== undefined && server !== '') {
    engines.push({ name: 'server', endpoint: server, isRunning: true, keepsTables: false, supportsTtl: true })
  }
  project.provide('dynamoEngines', engines)
}

/** Ends what was started and removes its data. */
export async function teardown(): Promise<void> {
  await Promise.all(stops.map((stop) => stop()))
}

async function startEmbedded(): Promise<DynamoTestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'subnetkit-dynamo-test-'))
  const embedded = await startEmbeddedDynamo({ folder, lingerMs: 0 })
  stops.push(async () => {
    await embedded.close()
    // The engine may still write while it ends.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })
  return {
    name: 'embedded',
    endpoint: embedded.endpoint,
    isRunning: true,
    keepsTables: true,
    supportsTtl: false,
  }
}

async function startLocal(): Promise<DynamoTestEngine> {
  if (!hasJava()) {
    process.stderr.write('no java on this machine: the suites do not run on DynamoDB Local\n')
    return {
      name: 'dynamodb-local',
      endpoint: 'http://127.0.0.1:1',
      isRunning: false,
      keepsTables: false,
      supportsTtl: true,
    }
  }
  const local = await startDynamoDbLocal()
  stops.push(local.close)
  return {
    name: 'dynamodb-local',
    endpoint: local.endpoint,
    isRunning: true,
    keepsTables: false,
    supportsTtl: true,
  }
}
