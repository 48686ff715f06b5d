// Opens the engine of the second base image: it maps code, makes threads and keeps data in memory.
import { Session } from 'chdb'

const session = new Session('/tmp/engine')
console.log(session.query('SELECT sum(number) FROM numbers(1000)', 'TSV').trim())
session.cleanup()
process.exit(0)
