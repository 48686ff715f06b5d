import { createHash } from 'node:crypto'

import { type Html, html, trustedHtml } from '@subnetkit/core/http'

import { pageStyle } from './page-style.ts'

/** The indentation of templates is a third of a long table. The style loses it before its hash is taken, or no browser would apply it. */
const INDENTATION = /\n\s+/g
const style = pageStyle.replaceAll(INDENTATION, '\n').trim()
const styleDigest = createHash('sha256').update(style).digest('base64')

/** What browsers may do with a page: apply its one style, load our icon, send our form. No script, from nowhere. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleDigest}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** The icon of all pages: a podium. */
export const benchmarkIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#128a63"/><path d="M2.5 13V9h3.5v4M6 13V4.5h4V13M10 13V7.5h3.5V13" fill="#fff"/></svg>'

/** The parts of the site that the navigation names. */
export type PageSection = 'tournaments' | 'rankings' | 'none'

/** Where a page hangs below others. */
export interface Crumb {
  readonly href: string
  readonly label: string
}

/** What is particular to one page. */
export interface PageContent {
  readonly title: string
  readonly section: PageSection
  /** From the outermost page inwards. */
  readonly crumbs?: readonly Crumb[]
  /** A line below the heading. */
  readonly lead?: Html
  readonly body: Html
  /** After how many seconds the browser loads it anew; never when it is left out. */
  readonly reloadSeconds?: number
}

/** The whole HTML document of a page. */
export function pageDocument(page: PageContent): string {
  const { body, crumbs = [], lead, reloadSeconds, section, title } = page
  const inSection = (name: PageSection): Html =>
    section === name ? trustedHtml('aria-current="page"') : html``
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · benchmark</title>
        ${reloadSeconds === undefined ? html`` : html`<meta http-equiv="refresh" content="${reloadSeconds}" />`}
        <link rel="icon" type="image/svg+xml" href="/icon.svg" />
        ${trustedHtml(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <div>
            <a class="brand" href="/">Benchmark</a>
            <nav aria-label="Sections">
              <a href="/" ${inSection('tournaments')}>Tournaments</a>
              <a href="/rankings" ${inSection('rankings')}>Rankings</a>
              <a href="/openapi.json">API</a>
            </nav>
            <form class="find" action="/miners" role="search">
              <input
                name="hotkey"
                required
                maxlength="64"
                placeholder="hotkey"
                aria-label="Hotkey of a miner"
              />
              <button>Find</button>
            </form>
          </div>
        </header>
        <main id="main">
          ${
            crumbs.length === 0
              ? html``
              : html`<p class="crumbs">
                  ${crumbs.map(({ href, label }) => html`<a href="${href}">${label}</a> / `)}
                </p>`
          }
          <h1>${title}</h1>
          ${lead === undefined ? html`` : html`<p class="lead">${lead}</p>`} ${body}
        </main>
        <footer class="foot">
          Times and dates are UTC. Everything here is also in <a href="/openapi.json">the API</a>. What a
          tournament’s worlds hold is told once it is completed.
        </footer>
      </body>
    </html>`
  return document.html.replaceAll(INDENTATION, '\n')
}

/** A part of a page with a heading. */
export function block(heading: string, content: Html): Html {
  return html`<section class="block">
    <h2>${heading}</h2>
    ${content}
  </section>`
}

/** One fact in large letters, and what belongs to it in small ones. */
export interface Tile {
  readonly label: string
  readonly value: string | Html
  readonly notes?: readonly (string | Html)[]
}

/** Facts side by side. */
export function tiles(facts: readonly Tile[]): Html {
  return html`<dl class="tiles">
    ${facts.map(
      ({ label, notes = [], value }) =>
        html`<div class="tile">
          <dt>${label}</dt>
          <dd>${value}</dd>
          ${notes.map((note) => html`<dd>${note}</dd>`)}
        </div>`,
    )}
  </dl>`
}

/** A column: `optional` ones are left out on narrow screens. */
export interface Column {
  readonly head: string
  readonly look?: 'n' | 'nowrap' | 'text' | 'optional' | 'n optional'
}

/** A table that is read aloud under its name and scrolls by itself where it is too wide. */
export function table(
  name: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${name}">
    <table>
      <thead>
        <tr>
          ${columns.map(({ head, look = '' }) => html`<th scope="col" class="${look}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((value, at) => html`<td class="${columns[at]?.look ?? ''}">${value}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** Names and values below each other. */
export function factList(facts: readonly (readonly [name: string, value: string | Html])[]): Html {
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}
