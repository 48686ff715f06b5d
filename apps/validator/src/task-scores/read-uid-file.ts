import { readFile } from 'node:fs/promises'

import { hotkeySchema, InputError, parseInput, uidSchema } from '@subnetkit/core'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'

const rowSchema = z.object({
  uid: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a uid')
    .transform(Number)
    .pipe(uidSchema),
  hotkey: hotkeySchema,
})

/**
 * Who held which uid, from CSV with the columns uid and hotkey.
 *
 * @throws InputError naming the file and what does not fit: a column that is missing, a bad hotkey, a uid twice.
 */
export async function readUidFile(path: string): Promise<ReadonlyMap<number, string>> {
  const hotkeys = new Map<number, string>()
  for (const [at, row] of parseRows(path, await readText(path)).entries()) {
    const { uid, hotkey } = parseInput(rowSchema, row, { subject: `${path}, row ${at + 1}` })
    if (hotkeys.has(uid)) {
      const problem = 'is listed twice'
      throw new InputError({
        field: `${path}, row ${at + 1}: uid`,
        value: uid,
        problem,
        hint: 'list each uid once',
      })
    }
    hotkeys.set(uid, hotkey)
  }
  return hotkeys
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InputError({
      field: '--uids',
      value: path,
      problem: 'cannot be read',
      hint: 'give the path of a CSV file with the columns uid and hotkey',
      cause,
    })
  })
}

function parseRows(path: string, text: string): readonly unknown[] {
  try {
    return parse(text, { columns: true, skip_empty_lines: true, trim: true, bom: true })
  } catch (cause) {
    throw new InputError({
      field: path,
      problem: 'is no CSV',
      hint: 'give a line uid,hotkey and below it a line for each uid',
      cause,
    })
  }
}
