import { readableText } from '../output-area/bounded-log.ts'

const KEPT_CHARACTERS = 65_536

/** What an engine told while it built. */
export interface BuildReport {
  readonly log: string
  /** Null when it was built. */
  readonly problem: string | null
}

/** Reads the lines of JSON that an engine answers a build with, to their end. */
export async function followBuild(stream: AsyncIterable<unknown>): Promise<BuildReport> {
  let open = ''
  let log = ''
  let problem: string | null = null
  const take = (line: string): void => {
    const said = parseLine(line)
    if (log.length < KEPT_CHARACTERS) log += said.text
    problem ??= said.problem
  }
  for await (const chunk of stream) {
    const lines = (open + String(chunk)).split('\n')
    open = lines.pop() ?? ''
    for (const line of lines) take(line)
  }
  take(open)
  return { log: readableText(Buffer.from(log.slice(0, KEPT_CHARACTERS))), problem }
}

function parseLine(line: string): { text: string; problem: string | null } {
  if (line.trim() === '') return { text: '', problem: null }
  try {
    const said: unknown = JSON.parse(line)
    if (typeof said !== 'object' || said === null) return { text: '', problem: null }
    const text = 'stream' in said && typeof said.stream === 'string' ? said.stream : ''
    const problem =
      'error' in said && typeof said.error === 'string' ? readableText(Buffer.from(said.error)) : null
    return { text, problem }
  } catch {
    return { text: `${line}\n`, problem: null }
  }
}
