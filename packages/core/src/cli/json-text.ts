/** JSON in which big integers are text, so that no digit is lost; dates are UTC ISO text. `indent` is for people. */
export function jsonText(value: unknown, indent = 0): string {
  const text: string | undefined = JSON.stringify(value, bigintAsText, indent)
  return text ?? 'null'
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
