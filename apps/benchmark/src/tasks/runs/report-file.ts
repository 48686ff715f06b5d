import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

import { readReportLines } from '../../validation/read-report-lines.ts'

/** The rows of a file that a program left in its output; links are not followed, also not those of a faulty sandbox. */
export async function* readReportFile(
  outputFolder: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<readonly unknown[]> {
  const path = join(outputFolder, name)
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    for await (const rows of readReportLines(file.createReadStream({ autoClose: false }))) {
      signal.throwIfAborted()
      yield rows
    }
  } finally {
    await file.close()
  }
}
