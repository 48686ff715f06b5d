/** A server takes 128 KiB per parameter by default; escaping may double what is sent. */
export const MAX_PARAMETER_BYTES = 40_000

/**
 * Cuts texts into runs whose UTF-8 bytes and number stay within limits, in their order: a server takes no parameter of
 * any size. A single longer text is a run of its own.
 */
export function textChunks(
  texts: readonly string[],
  maxBytes: number,
  maxTexts: number = Number.POSITIVE_INFINITY,
): readonly (readonly string[])[] {
  const chunks: string[][] = []
  let current: string[] = []
  let size = 0
  for (const text of texts) {
    const bytes = Buffer.byteLength(text) + 3
    if (current.length >= maxTexts || (current.length > 0 && size + bytes > maxBytes)) {
      chunks.push(current)
      current = []
      size = 0
    }
    current.push(text)
    size += bytes
  }
  if (current.length > 0) chunks.push(current)
  return chunks
}
