// Leaves links, a pipe, folders and odd names in its output beside one honest file.
import fs from 'node:fs'

const out = '/data/output'
const attempt = (work) => {
  try {
    work()
  } catch (error) {
    console.log(error.code)
  }
}
fs.writeFileSync(`${out}/patterns.jsonl`, '{"pattern_id":"1"}\n')
attempt(() => fs.symlinkSync('/etc/shadow', `${out}/shadow.jsonl`))
attempt(() => fs.symlinkSync('/', `${out}/root`))
attempt(() => fs.symlinkSync('../../../../etc/passwd', `${out}/scores.jsonl`))
attempt(() => fs.linkSync(`${out}/patterns.jsonl`, `${out}/twice.jsonl`))
attempt(() => fs.unlinkSync(`${out}/twice.jsonl`))
attempt(() => fs.writeFileSync(`${out}/first`, 'x'))
attempt(() => fs.linkSync(`${out}/first`, `${out}/second`))
attempt(() => fs.linkSync('/data/input/transfers.parquet', `${out}/input.jsonl`))
attempt(() => fs.linkSync('/etc/passwd', `${out}/passwd.jsonl`))
attempt(() => fs.mkdirSync(`${out}/folder`))
attempt(() => fs.writeFileSync(`${out}/folder/inside.jsonl`, 'x'))
attempt(() => fs.writeFileSync(`${out}/${'n'.repeat(255)}`, 'x'))
attempt(() => fs.writeFileSync(`${out}/-rf`, 'x'))
attempt(() => fs.writeFileSync(`${out}/a\u001b[31mb\nc`, 'x'))
attempt(() => fs.writeFileSync(Buffer.from([...Buffer.from(`${out}/`), 0xff, 0xfe]), 'x'))
attempt(() => fs.chmodSync(`${out}/patterns.jsonl`, 0o000))
