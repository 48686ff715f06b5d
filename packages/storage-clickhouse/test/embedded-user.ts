import { once } from 'node:events'

import { startEmbeddedClickHouse } from '../src/embedded/start-embedded-clickhouse.ts'

// A user of the embedded server in a process of its own: prints pid and URL, stays until it is killed or its input ends.
const [folder = ''] = process.argv.slice(2)
const server = await startEmbeddedClickHouse({ folder })
process.stdout.write(`${server.pid} ${server.url}\n`)
process.stdin.resume()
await once(process.stdin, 'end')
