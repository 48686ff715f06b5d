// Says more than anybody wants to keep, with colours and worse.
import fs from 'node:fs'

const line = Buffer.from(`${'\u001b[31mred\u0007\u202e'.repeat(500)}\n`)
const until = performance.now() + 700
while (performance.now() < until) {
  try {
    fs.writeSync(1, line)
    fs.writeSync(2, line)
  } catch {
    // The pipe is full for a moment.
  }
}
