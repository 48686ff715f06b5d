import type { FileKind } from './file-kind.ts'
import { isCode } from './file-kind.ts'
import { scanLimits } from './scan-limits.ts'
import type { TextHit } from './scan-finding.ts'

/** Rows from which on a text that looks like a table is one. */
const TABLE_ROWS = 100
const RECORD_ROWS = 50
/** Data that was put into a text: remembered answers or a model's weights. `bytes` is the size of the file. */
export function dataHits(text: string, kind: FileKind, bytes: number): TextHit[] {
  const hits: TextHit[] = []
  if (!isCode(kind) && kind !== 'lock' && bytes > scanLimits.dataBytes) {
    const message = `it has ${bytes} bytes; files that are no code may have ${scanLimits.dataBytes}`
    hits.push({ rule: 'large-data', index: null, message })
  }
  if (!isCode(kind) && kind !== 'lock' && isTable(text)) {
    hits.push({ rule: 'data-table', index: 0, message: 'it is a table of data, whatever its name says' })
  }
  return hits
}

function isTable(text: string): boolean {
  const lines = text.split('\n', 2000).filter((line) => line.trim() !== '')
  const records = lines.map((line) => line.trim()).filter((line) => isRecord(line)).length
  if (records >= RECORD_ROWS && records > lines.length * 0.8) return true
  if (lines.length < TABLE_ROWS) return false
  return [',', '\t', ';', '|'].some((separator) => {
    const counts = new Map<number, number>()
    for (const line of lines) {
      const count = line.split(separator).length - 1
      if (count >= 2) counts.set(count, (counts.get(count) ?? 0) + 1)
    }
    return Math.max(0, ...counts.values()) > lines.length * 0.8
  })
}

function isRecord(line: string): boolean {
  return (line.startsWith('{') && line.endsWith('}')) || (line.startsWith('[') && line.endsWith(']'))
}
