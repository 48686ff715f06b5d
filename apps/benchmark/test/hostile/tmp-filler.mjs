// Fills the only other place that it may write, and tells how far it came.
import fs from 'node:fs'

let bytes = 0
try {
  for (let index = 0; index < 10_000; index++) {
    fs.writeFileSync(`/tmp/${index}`, Buffer.alloc(262_144, 1))
    bytes += 262_144
  }
} catch (error) {
  console.log(JSON.stringify({ code: error.code, bytes }))
}
