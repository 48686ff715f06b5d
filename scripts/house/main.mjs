import { join } from 'node:path'

import { arrowRule } from './arrow-rule.mjs'
import { docRule } from './doc-rule.mjs'
import { nameRule } from './name-rule.mjs'
import { purityRule } from './purity-rule.mjs'
import { readSourceFiles } from './source-file.mjs'

const root = join(import.meta.dirname, '../..')
const rules = [arrowRule, nameRule, purityRule, docRule]
const given = process.argv.slice(2)
const files = readSourceFiles(root, given.length > 0 ? given : ['packages', 'apps', 'scripts', 'examples'])
const findings = files.flatMap((file) => rules.flatMap((rule) => rule(file)))

for (const { path, line, message } of findings) process.stderr.write(`${path}:${line}  ${message}\n`)
process.stdout.write(`house rules: ${files.length} files, ${findings.length} findings\n`)
process.exitCode = findings.length === 0 ? 0 : 1
