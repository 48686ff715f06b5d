import { describe, expect, it } from 'vitest'

import { html, trustedHtml } from './html.ts'

describe('html', () => {
  it('escapes what is put in, in text and in attributes', () => {
    const name = `<script>"a" & 'b'</script>`
    expect(html`<b title="${name}">${name}</b>`.html).toBe(
      '<b title="&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;">&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;</b>',
    )
  })

  it('takes markup as it is, joins lists and writes numbers', () => {
    const items = ['<', 'b'].map((text) => html`<i>${text}</i>`)
    expect(html`<b>${items}</b>${1.5}${trustedHtml('<hr>')}`.html).toBe('<b><i>&lt;</i><i>b</i></b>1.5<hr>')
  })
})
