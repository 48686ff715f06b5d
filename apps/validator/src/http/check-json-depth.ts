import { InputError } from '@subnetkit/core'

/** Deeper nesting than any honest request has; what walks a body recursively is safe below it. */
const MAX_JSON_DEPTH = 32

/** Refuses JSON that is nested to exhaust a stack. Walks it without recursion. @throws InputError naming `field`. */
export function checkJsonDepth(field: string, value: unknown): void {
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_JSON_DEPTH) {
      throw new InputError({
        field,
        problem: `is nested deeper than ${MAX_JSON_DEPTH} levels`,
        hint: 'send it flatter',
      })
    }
    const next: unknown[] = []
    for (const node of level) {
      if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) next.push(child)
    }
    level = next
  }
}
