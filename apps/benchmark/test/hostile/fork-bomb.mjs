// Starts copies of itself that start copies of themselves, until the limit says no.
import { spawn } from 'node:child_process'

process.on('uncaughtException', (error) => console.log(error.code ?? error.message))
const start = () => {
  for (let index = 0; index < 4; index++) {
    const child = spawn(process.execPath, [process.argv[1]], {
      stdio: 'inherit',
    })
    child.on('error', (error) => console.log(`refused ${error.code}`))
  }
}
start()
setInterval(start, 50)
