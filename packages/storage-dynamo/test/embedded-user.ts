import { once } from 'node:events'

import { startEmbeddedDynamo } from '../src/embedded/start-embedded-dynamo.ts'

// A user of the embedded engine in a process of its own: prints pid and endpoint, stays until it is killed or its input ends.
const [folder = ''] = process.argv.slice(2)
const engine = await startEmbeddedDynamo({ folder })
process.stdout.write(`${engine.pid} ${engine.endpoint}\n`)
process.stdin.resume()
await once(process.stdin, 'end')
