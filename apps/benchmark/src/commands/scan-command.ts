import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { InputError } from '@subnetkit/core'
import { defineCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { openSandbox } from '../adapters/open-sandbox.ts'
import { readConfig } from '../config.ts'
import { type ScanReport, scanSubmission } from '../scanner/scan-submission.ts'
import { examplesText } from './command-group.ts'
import { sandboxFlagsShape } from './contest-flags.ts'
import { visible } from './plain-table.ts'

/** `benchmark scan <folder>`. */
export const scanCommand = defineCommand({
  name: 'scan',
  description: 'judge a folder by the rules that submissions are judged by; nothing of it is run',
  options: z.strictObject({ folder: z.string().min(1), sandbox: sandboxFlagsShape.sandbox }),
  flags: (command) =>
    command
      .argument('<folder>', 'a submission, without its .git')
      .option('--sandbox <kind>', 'whose rules for Dockerfiles: auto, container, bubblewrap', 'auto')
      .addHelpText('after', examplesText(['scan ./my-submission', 'scan ./my-submission --json'])),
  run: async ({ folder, sandbox: kind }, session) => {
    const tree = resolve(folder)
    const isFolder = await stat(tree).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isFolder) {
      throw new InputError({
        field: '<folder>',
        value: folder,
        problem: 'is not a folder',
        hint: 'give the folder with the Dockerfile',
      })
    }
    const { dataDir, log, signal } = session
    const { dockerHost } = readConfig()
    const home = join(dataDir, 'benchmark', 'sandbox')
    await using sandbox = await openSandbox({ kind, folder: home, dockerHost, log, signal })
    const baseImages = await sandbox.prepareBaseImages(signal)
    const isRunAllowed = sandbox.isRunAllowed
    const report = await scanSubmission({ tree, baseImages, reviewer: null, isRunAllowed, signal })
    return {
      value: { folder: tree, ...report },
      text: reportText(report),
      exitCode: report.isAccepted ? 0 : 1,
    }
  },
})

function reportText({ isAccepted, findings, files, bytes }: ScanReport): string {
  const read = `${files.toLocaleString('en-US')} files, ${bytes.toLocaleString('en-US')} bytes`
  if (isAccepted) return `accepted: ${read}`
  const lines = findings.map(({ rule, path, line, message }) =>
    visible(`  ${path}${line === null ? '' : `:${line}`}  ${message} (${rule})`),
  )
  return [`refused: ${read}`, ...lines].join('\n')
}
