import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { acquireFolderLock } from '../../src/local-service/folder-lock.ts'

// `hold`: takes the lock and keeps it. `count`: adds one to a file under the lock, slowly enough to be caught cheating.
const [mode = '', folder = '', rounds = '1'] = process.argv.slice(2)
if (mode === 'hold') {
  await acquireFolderLock({ folder, name: 'run' })
  process.stdout.write('held\n')
  process.stdin.resume()
  await once(process.stdin, 'end')
} else {
  const counter = join(folder, 'counter.txt')
  for (let round = 0; round < Number(rounds); round += 1) {
    const lock = await acquireFolderLock({ folder, name: 'run', waitMs: 60_000 })
    const count = Number(await readFile(counter, 'utf8').catch(() => '0'))
    await sleep(1)
    await writeFile(counter, `${count + 1}`)
    await lock.close()
  }
  process.stdout.write('done\n')
}
