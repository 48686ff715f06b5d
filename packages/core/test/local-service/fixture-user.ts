import { once } from 'node:events'

import { joinFixture } from './fixture-service.ts'

// A user in a process of its own: joins, prints the service's pid, and stays until it is killed or its input ends.
const [folder = '', behaviour = '{}'] = process.argv.slice(2)
process.stdout.write('ready to join\n')
const service = await joinFixture(folder, JSON.parse(behaviour))
process.stdout.write(`${service.pid}\n`)
process.stdin.resume()
await once(process.stdin, 'end')
