/**
 * Turns at something shared: any number of callers at once, or one alone. First come, first served, so that a stream
 * of shared turns never keeps a lone one waiting for ever.
 */
export function createTurns() {
  /** @type {{ isAlone: boolean, start: () => void }[]} */
  const waiting = []
  let running = 0
  let isAlone = false

  function startNext() {
    while (!isAlone) {
      const next = waiting[0]
      if (next === undefined || (next.isAlone && running > 0)) return
      waiting.shift()
      running += 1
      isAlone = next.isAlone
      next.start()
    }
  }

  /**
   * Calls `start` once it is its turn; whoever started calls `end` exactly once.
   * @param {{ isAlone: boolean, start: () => void }} turn
   */
  function take(turn) {
    waiting.push(turn)
    startNext()
  }

  function end() {
    running -= 1
    isAlone = false
    startNext()
  }

  return { take, end }
}
