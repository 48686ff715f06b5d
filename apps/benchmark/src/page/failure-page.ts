import { html, type toErrorReply } from '@subnetkit/core/http'

import { pageDocument } from './page-document.ts'
import { foreignText } from './shown-values.ts'

const titles = new Map<number, string>([
  [404, 'There is no such thing'],
  [409, 'Not told yet'],
  [422, 'That does not fit'],
  [429, 'Too many requests'],
  [503, 'Try again in a moment'],
])
const RETRY_SECONDS = 5

/** What went wrong, for a person, with the way out. A store that is down is asked again by itself. */
export function failurePage({ body: { error }, status }: ReturnType<typeof toErrorReply>): string {
  return pageDocument({
    title: titles.get(status) ?? 'Something went wrong',
    section: 'none',
    ...(status === 503 ? { reloadSeconds: RETRY_SECONDS } : {}),
    body: html`<section class="block">
      <p class="text">${foreignText(error.message)}</p>
      ${error.hint === undefined ? html`` : html`<p class="text dim">${foreignText(error.hint)}</p>`}
      <p><a href="/">All tournaments</a></p>
    </section>`,
  })
}
