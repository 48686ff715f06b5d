// A service for the tests of the joining side: notes each start, can be slow, fail, or never be ready.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { runLocalService } from '../../src/local-service/run-local-service.mjs'

const { startMs = 0, failWith, noteStop = false } = JSON.parse(process.argv[2] ?? '{}')

await runLocalService({
  start: async ({ folder }) => {
    appendFileSync(join(folder, 'starts.txt'), `${process.pid}\n`)
    await sleep(startMs)
    if (failWith !== undefined) throw new Error(failWith)
    return {
      info: { greeting: `hello from ${process.pid}` },
      stop: () => {
        if (noteStop) appendFileSync(join(folder, 'stops.txt'), `${process.pid}\n`)
      },
    }
  },
})
