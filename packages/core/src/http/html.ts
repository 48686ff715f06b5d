/** A piece of HTML whose text parts are escaped already. */
export interface Html {
  readonly html: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, also inside an attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}

/**
 * A template whose substitutions are escaped, unless they are {@link Html} themselves; arrays are joined. What a page
 * shows comes from outside, so there is no other way to build one than this.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = parts[0] ?? ''
  for (const [index, value] of values.entries()) text += toText(value) + (parts[index + 1] ?? '')
  return { html: text }
}

/** What may be put into {@link html}. */
export type HtmlValue = string | number | Html | readonly Html[]

/** Markup that was made by a trusted renderer, such as a chart's SVG. */
export function trustedHtml(markup: string): Html {
  return { html: markup }
}

function toText(value: HtmlValue): string {
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  if ('html' in value) return value.html
  return value.map((part) => part.html).join('')
}
