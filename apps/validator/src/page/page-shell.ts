import { createHash } from 'node:crypto'

import { type Html, html, trustedHtml } from '@subnetkit/core/http'

import { pageStyle } from './page-style.ts'

/** What a browser may do with a page: show it with its own style and icon, and send its form back to us. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'`,
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The icon of all pages. */
export const pageIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#2457d6"/><path d="M3.5 11.5 7 7l2.5 2.5 3-5" fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>'

/** A page without what surrounds it. */
export interface PageParts {
  readonly title: string
  /** Which entry of the navigation it belongs to. */
  readonly section: 'leaderboard' | 'cycles' | 'agents' | null
  readonly body: Html
  /** Seconds after which it loads itself again; null for never. */
  readonly refreshSeconds?: number
}

/** One HTML document: no script, nothing from elsewhere, every text escaped. */
export function pageShell({ title, section, body, refreshSeconds }: PageParts): string {
  const entry = (name: PageParts['section'], href: string, label: string): Html =>
    section === name
      ? html`<a href="${href}" aria-current="page">${label}</a>`
      : html`<a href="${href}">${label}</a>`
  const refresh =
    refreshSeconds === undefined ? html`` : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh}
        <title>${title} · validator</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        ${trustedHtml(`<style>${pageStyle}</style>`)}
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        <header>
          <div class="bar">
            <a class="brand" href="/">Validator</a>
            <nav aria-label="Pages">
              ${entry('leaderboard', '/', 'Leaderboard')} ${entry('cycles', '/cycles', 'Cycles')}
              ${entry('agents', '/agents', 'Agents')}
              <a href="/openapi.json">API</a>
            </nav>
            <form action="/miners" method="get" role="search">
              <input
                name="miner"
                aria-label="Hotkey or uid of a miner"
                placeholder="hotkey or uid"
                maxlength="64"
                required
              />
              <button>Show</button>
            </form>
          </div>
        </header>
        <main id="content">${compact(body)}</main>
        <footer>
          Shares are of all weight or incentive; times are UTC. The same as JSON:
          <a href="/openapi.json">/openapi.json</a>.
        </footer>
      </body>
    </html>`.html
}

/** Without the indentation of templates, which is a third of a long table. */
function compact({ html: markup }: Html): Html {
  return trustedHtml(markup.replaceAll(/\n\s+/g, '\n'))
}

/** A part of a page with a heading of its own. */
export function panel(title: string, body: Html): Html {
  return html`<section class="panel">
    <h2>${title}</h2>
    ${body}
  </section>`
}

/** Says that there is nothing, why, and which command brings something. */
export function emptyState(text: string, command: string): Html {
  return html`<p class="empty">${text} Next: <code>${command}</code></p>`
}

/** One column of a table: its heading, and whether it holds numbers or may be left out on a narrow screen. */
export interface TableColumn {
  readonly label: string
  readonly kind?: 'num' | 'tight' | 'wide-only' | 'num wide-only' | 'tight wide-only'
}

/** A table that scrolls by itself when the screen is narrower than it. */
export function dataTable(
  label: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Html[])[],
): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${column.kind ?? ''}">${column.label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, at) => html`<td class="${columns[at]?.kind ?? ''}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
