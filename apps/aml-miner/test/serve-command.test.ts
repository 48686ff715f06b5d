import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { startEmbeddedClickHouse } from '@subnetkit/storage-clickhouse'
import { expect, it } from 'vitest'

import { startMiner } from './fixtures/miner-call.ts'
import { freshNetwork, tempFolder } from './fixtures/test-miner.ts'

async function addressOf(stderr: () => string): Promise<string> {
  for (;;) {
    const address = /"address":"(http:[^"]+)"/.exec(stderr())?.[1]
    if (address !== undefined) return address
    await sleep(20)
  }
}

it(
  'serve answers while it runs, tells when its engine was killed, and stops at Ctrl-C',
  { timeout: 120_000 },
  async () => {
    await using temp = await tempFolder()
    const dataDir = join(temp.path, 'data')
    const network = freshNetwork()
    await using engine = await startEmbeddedClickHouse({ folder: dataDir, lingerMs: 0 })
    const call = startMiner({ dataDir }, 'serve', '--network', network, '--port', '0')
    const address = await addressOf(call.stderr)
    expect((await fetch(`${address}/health`)).status).toBe(200)
    const unknown = await fetch(`${address}/v1/scores/alerts/latest?network=elsewhere`)
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({
      error: { code: 'not_found', message: expect.stringContaining('/v1/networks') },
    })
    process.kill(engine.pid, 'SIGKILL')
    await sleep(100)
    const health = await fetch(`${address}/health`)
    expect([200, 503]).toContain(health.status)
    if (health.status === 503) expect(await health.json()).toMatchObject({ status: 'down' })
    call.interrupt()
    const { code, out } = await call.ended
    expect(code).toBe(0)
    expect(out).toBe('stopped\n')
  },
)
