import { html, type toErrorReply } from '@subnetkit/core/http'

import { pageShell } from './page-shell.ts'

const RETRY_SECONDS = 5

/** A failure as a person may see it, with the way out; one that passes by itself loads again. */
export function errorPage({ status, body }: ReturnType<typeof toErrorReply>): string {
  const titles: Readonly<Record<number, string>> = {
    404: 'Not found',
    409: 'Not yet',
    422: 'That does not fit',
    503: 'In a moment',
  }
  const title = titles[status] ?? 'Something went wrong'
  const { message, hint } = body.error
  return pageShell({
    title,
    section: null,
    ...(status === 503 ? { refreshSeconds: RETRY_SECONDS } : {}),
    body: html`<h1>${title}</h1>
      <section class="panel">
        <p class="whole">${message}</p>
        ${hint === undefined ? html`` : html`<p class="muted whole">${hint}</p>`}
        <p>
          <a href="/">Leaderboard</a> · <a href="/cycles">Cycles</a> · <a href="/agents">Agents</a> ·
          <a href="/health">Health</a>
        </p>
      </section>`,
  })
}
