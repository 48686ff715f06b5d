// Fills its output: one large file, files without end, or a file larger than one may be.
import fs from 'node:fs'

const how = process.env.HOW
const chunk = Buffer.alloc(65_536, 1)
const tell = (error) => console.log(JSON.stringify({ code: error.code }))
if (how === 'files') {
  for (let index = 0; ; index++) {
    try {
      fs.writeFileSync(`/data/output/${index}`, '')
    } catch (error) {
      tell(error)
      break
    }
  }
} else {
  const file = fs.openSync('/data/output/patterns.jsonl', 'w')
  try {
    for (let written = 0; written < 1_073_741_824; written += chunk.length) fs.writeSync(file, chunk)
  } catch (error) {
    tell(error)
  }
}
if (how !== 'file-limit') setInterval(() => {}, 1000)
