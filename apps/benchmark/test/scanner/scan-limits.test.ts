import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, link, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { FileKind } from '../../src/scanner/file-kind.ts'
import { scanLimits } from '../../src/scanner/scan-limits.ts'
import { scanSubmission, type ScanReport } from '../../src/scanner/scan-submission.ts'
import { textHits } from '../../src/scanner/text-hits.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const dockerfile = 'FROM subnetkit/node:1\nENTRYPOINT ["node", "/main.mjs"]\n'
let tree: string

beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'subnetkit-scan-'))
  await writeFile(join(tree, 'Dockerfile'), dockerfile)
})
afterEach(() => rm(tree, { recursive: true, force: true }))

function scan(signal = new AbortController().signal, folder = tree): Promise<ScanReport> {
  return scanSubmission({
    tree: folder,
    baseImages: ['subnetkit/node:1'],
    isRunAllowed: false,
    reviewer: null,
    signal,
  })
}

/** Plain code of about so many bytes, no line of it like another. */
function plainCode(bytes: number, seed: number): string {
  const lines: string[] = []
  for (let length = 0, line = seed; length < bytes; line++) {
    const text = `  if (transfer${line}.amount > limits.smallest) report(transfer${line}, 'cycle of ${line}')\n`
    lines.push(text)
    length += text.length
  }
  return lines.join('')
}

describe('a scan', () => {
  it('is accepted with its files, bytes and hash', async () => {
    const bytes = dockerfile.length
    const treeSha256 = createHash('sha256').update(`Dockerfile\0${bytes}\0${dockerfile}`).digest('hex')
    expect(await scan()).toEqual({ isAccepted: true, findings: [], files: 1, bytes, treeSha256 })
  })

  it('refuses pipes, hard links, set-ID bits and a tree that is not there', async () => {
    execFileSync('mkfifo', [join(tree, 'pipe.js')])
    await writeFile(join(tree, 'one.js'), '1\n')
    await link(join(tree, 'one.js'), join(tree, 'two.js'))
    await writeFile(join(tree, 'set.js'), '1\n')
    await chmod(join(tree, 'set.js'), 0o4755)
    const { findings } = await scan()
    expect(findings.map(({ rule, path }) => `${path} ${rule}`)).toEqual([
      'one.js link',
      'pipe.js special-file',
      'set.js special-file',
      'two.js link',
    ])
    const missing = await scan(undefined, join(tree, 'missing'))
    expect(missing).toMatchObject({ isAccepted: false, files: 0 })
    expect(missing.findings.map(({ rule }) => rule)).toContain('unreadable')
  })

  it('refuses more than 100 MB together, whatever is in them', async () => {
    // Files of holes: nothing is written, and reading them ends at their first zero byte.
    for (let file = 10; file <= 20; file++) {
      await writeFile(join(tree, `${file}.sql`), '')
      await truncate(join(tree, `${file}.sql`), scanLimits.fileBytes)
    }
    const { isAccepted, findings } = await scan()
    expect(isAccepted).toBe(false)
    expect(findings.at(-1)).toMatchObject({ rule: 'tree-too-large', path: '.' })
    expect(findings.filter(({ rule }) => rule === 'binary')).toHaveLength(10)
  })

  it('stops at a hundred findings, and at a forest of folders', async () => {
    for (let file = 0; file < 150; file++) await writeFile(join(tree, `${file}.exe`), 'x')
    expect((await scan()).findings).toHaveLength(scanLimits.findings)
    await rm(tree, { recursive: true })
    await mkdir(tree)
    await Promise.all(Array.from({ length: 2_100 }, (_, folder) => mkdir(join(tree, `f${folder}`))))
    expect((await scan()).findings.map(({ rule }) => rule)).toContain('too-many-files')
  })

  it('ends with the reason of an abort', async () => {
    const reason = new Error('enough')
    await expect(scan(AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it(`reads ${isSoak ? 95 : 10} MB of code in seconds`, async () => {
    for (let file = 0; file < (isSoak ? 10 : 1); file++) {
      await writeFile(join(tree, `${file}.js`), plainCode(9_500_000, file * 1_000_000))
    }
    const start = process.cpuUsage()
    expect(await scan()).toMatchObject({ isAccepted: true, findings: [] })
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1e6).toBeLessThan(isSoak ? 60 : 12)
  }, 300_000)
})

/** A quadratic rule would need hours for any of these. */
describe('the time of the rules', () => {
  const size = isSoak ? 250_000 : 100_000
  const kinds: readonly FileKind[] = ['javascript', 'python', 'settings']

  it.each([
    'a',
    '1',
    '1,',
    '_0x1234 ',
    '\\',
    '\\x61',
    '\\u0061',
    '[',
    '[]',
    '(',
    ' ',
    '/',
    '/*',
    '"',
    'eval(',
    'Function(a',
    'import(`',
    'require (\t',
    'curl ',
    'curl \\\n',
    'nc -',
    'wget &&',
    'base64 -d ',
    'chr(1)',
    'String.fromCharCode(1,',
    '0x',
    '5Syn',
    'bc1',
    'lI1O0',
    'lI1O0lI ',
    'constructor.',
    'tx ',
    '{"a":1}',
    'A1b2',
    'а a',
    '\u200da',
  ])('grows with the length of %o alone', (piece) => {
    const text = piece.repeat(size / piece.length)
    const start = process.cpuUsage()
    for (const kind of kinds) {
      textHits({ text, kind, bytes: text.length })
      textHits({ text: text.replaceAll(' ', '\n'), kind, bytes: text.length })
    }
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1e6).toBeLessThan(isSoak ? 8 : 4)
  })
})
