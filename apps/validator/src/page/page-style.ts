/** The look of all pages, light or dark as the reader's system has it. It goes out inside each page. */
export const pageStyle = `
:root { color-scheme: light dark; --ink:#0f172a; --soft:#56637a; --line:#e2e8f0; --card:#fff; --page:#f6f8fb; --accent:#2457d6;
  --win:#0f766e; --win-soft:#e6f5f2; --track:#e8edf4; --second:#b45309 }
@media (prefers-color-scheme: dark) { :root { --ink:#e6ebf3; --soft:#9aa7bd; --line:#2a3447; --card:#151c2a; --page:#0c111b; --accent:#8fb2ff;
  --win:#5eead4; --win-soft:#12302f; --track:#263145; --second:#fbbf24 } }
* { box-sizing: border-box }
body { margin:0; background:var(--page); color:var(--ink); font:15px/1.5 ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif }
a { color:var(--accent); text-decoration:none } a:hover { text-decoration:underline }
a:focus-visible, input:focus-visible, button:focus-visible, .scroll:focus-visible, summary:focus-visible { outline:2px solid var(--accent); outline-offset:2px }
.skip { position:absolute; left:-999px } .skip:focus { left:12px; top:8px; background:var(--card); padding:6px 10px; z-index:1 }
header { background:var(--card); border-bottom:1px solid var(--line) }
.bar { max-width:1216px; margin:0 auto; padding:12px 24px; display:flex; flex-wrap:wrap; gap:8px 24px; align-items:center }
.brand { font-weight:650; color:var(--ink) } .bar nav { display:flex; gap:18px; flex:1 }
.bar nav a[aria-current] { color:var(--ink); font-weight:600 }
form { display:flex; gap:6px } input { font:inherit; color:inherit; background:var(--page); border:1px solid var(--line); border-radius:8px; padding:5px 10px; width:190px; min-width:0 }
button { font:inherit; color:var(--accent); background:var(--card); border:1px solid var(--line); border-radius:8px; padding:5px 12px; cursor:pointer }
main { max-width:1216px; margin:0 auto; padding:28px 24px 56px }
h1 { font-size:25px; line-height:1.25; letter-spacing:-.012em; margin:0 0 4px; overflow-wrap:anywhere } h2 { font-size:17px; margin:0 0 12px }
.sub { color:var(--soft); margin:0 0 22px; overflow-wrap:anywhere }
.cards { display:grid; grid-template-columns:repeat(auto-fit,minmax(210px,1fr)); gap:14px; margin:0 0 18px; padding:0 }
.card, .panel { background:var(--card); border:1px solid var(--line); border-radius:12px }
.card { padding:14px 16px; min-width:0 } .card dt { color:var(--soft); font-size:13px } .card dd { margin:2px 0 0; font-size:18px; font-weight:600; letter-spacing:-.01em; overflow-wrap:anywhere }
.card dd + dd { font-size:13px; font-weight:400; color:var(--soft); letter-spacing:0 }
.panel { padding:18px 20px; margin:0 0 18px } .panel > p:last-child { margin-bottom:0 }
.scroll { overflow-x:auto }
table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums }
th { text-align:left; font-size:12.5px; color:var(--soft); font-weight:600; padding:6px 10px; border-bottom:1px solid var(--line); white-space:nowrap; vertical-align:bottom }
td { padding:7px 10px; border-bottom:1px solid var(--line); vertical-align:middle } tbody tr:last-child td { border-bottom:0 }
th.num, td.num { text-align:right; white-space:nowrap } td.tight, th.tight { white-space:nowrap } tbody th { font-weight:500; color:var(--ink); font-size:inherit; vertical-align:middle }
.key, code { font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace } code { overflow-wrap:anywhere } .whole { overflow-wrap:anywhere } .name { display:inline-block; min-width:92px; max-width:280px; overflow-wrap:anywhere }
.muted { color:var(--soft) } .note { color:var(--soft); font-size:13.5px; margin:10px 0 0 }
.share { display:inline-block; width:84px; height:6px; margin-left:10px; vertical-align:middle }
.track { fill:var(--track) } .fill { fill:var(--accent) } .fill-win { fill:var(--win) }
.tag { display:inline-block; padding:0 9px; border-radius:99px; font-size:12.5px; line-height:20px; font-weight:600; white-space:nowrap; background:var(--track); color:var(--ink) }
.tag.effective, .tag.up { background:#d8f3e3; color:#14532d } .tag.revealed { background:#e2e4fe; color:#312e81 } .tag.failed, .tag.down { background:#fde2e1; color:#7f1d1d }
.tag.submitted, .tag.included { background:#dbeafe; color:#1e3a8a }
@media (prefers-color-scheme: dark) { .tag.effective, .tag.up { background:#12402a; color:#b6f0cc } .tag.revealed { background:#2c2f6b; color:#d9dcff }
  .tag.failed, .tag.down { background:#511c1c; color:#ffd0cd } .tag.submitted, .tag.included { background:#1c3566; color:#d3e3ff } }
.path { display:inline-flex; gap:4px; vertical-align:middle; margin:0; padding:0; list-style:none } .path i { width:9px; height:9px; border-radius:50%; background:var(--track) } .path i.done { background:var(--win) } .path i.broken { background:#dc2626 }
.strip { display:inline-flex; flex-wrap:wrap; align-items:flex-end; gap:2px; max-width:280px; vertical-align:middle; margin-right:8px } .strip i { width:7px; height:14px; border-radius:2px; background:var(--win) } .strip i.unsolved { height:6px; background:#dc2626 } .strip i.open, .strip i.cancelled { background:none; border:1px solid var(--soft) } .strip i.cancelled { height:6px }
.trend { white-space:nowrap } .improving { color:var(--win) } .declining { color:#c2410c } @media (prefers-color-scheme: dark) { .declining { color:#fdba74 } }
.empty { padding:10px 0; max-width:70ch } .empty code { background:var(--page); border:1px solid var(--line); border-radius:6px; padding:1px 6px }
.facts { display:grid; grid-template-columns:max-content minmax(0,1fr); gap:4px 18px; margin:0 } .facts dt { color:var(--soft) } .facts dd { margin:0; overflow-wrap:anywhere }
details summary { cursor:pointer; color:var(--accent); margin-top:10px } details[open] summary { margin-bottom:8px }
.picture { display:block; width:100%; height:auto } .picture.tall { display:none; max-width:420px; margin:0 auto }
@media (max-width:920px) { .picture.wide { display:none } .picture.tall { display:block } }
.box { fill:var(--page); stroke:var(--line) } .box.won { fill:var(--win-soft); stroke:var(--win); stroke-width:1.5 }
.t { fill:var(--ink); font:13px ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif } .t.small { font-size:12px; fill:var(--soft) } .t.big { font-size:19px; font-weight:600; letter-spacing:-.01em } .t.head { font-weight:600 } .t.won { fill:var(--win); font-weight:600 } .t.mid { text-anchor:middle } .t.end { text-anchor:end }
.link { fill:none; stroke:var(--soft); stroke-width:1.2; opacity:.5 } .link.won { stroke:var(--win); stroke-width:2; opacity:1 } .tip { fill:var(--soft) } .tip.won { fill:var(--win) } .mark { stroke:var(--second); stroke-width:2 } .dot { fill:var(--accent) }
.chart { display:grid; grid-template-columns:max-content minmax(0,1fr); gap:4px 10px; font-size:12.5px; color:var(--soft) }
.chart svg { width:100%; height:220px; display:block; border-bottom:1px solid var(--line) } .ticks { display:flex; flex-direction:column; justify-content:space-between; text-align:right } .dates { grid-column:2; display:flex; justify-content:space-between; gap:8px; white-space:nowrap }
.line { fill:none; stroke:var(--accent); stroke-width:2; vector-effect:non-scaling-stroke; stroke-linejoin:round } .line.second { stroke:var(--second) } .grid { stroke:var(--line); stroke-width:1; vector-effect:non-scaling-stroke }
.legend { display:flex; flex-wrap:wrap; gap:4px 18px; margin:0 0 10px; padding:0; list-style:none; font-size:13.5px } .legend i { display:inline-block; width:16px; height:3px; border-radius:2px; background:var(--accent); vertical-align:middle; margin-right:7px } .legend .second i { background:var(--second) }
.tabs { display:flex; flex-wrap:wrap; gap:4px 16px; margin:0 0 12px } .tabs a[aria-current] { color:var(--ink); font-weight:600 }
footer { max-width:1216px; margin:0 auto; padding:0 24px 40px; color:var(--soft); font-size:13.5px }
@media (max-width:640px) { main { padding:20px 16px 40px } .bar { padding:10px 16px } .panel { padding:14px 14px } th, td { padding:6px 4px } table { font-size:14px } time { font-size:13px } .wide-only { display:none } footer { padding:0 16px 32px } .share { width:40px; margin-left:6px } h1 { font-size:21px } form { flex:1 } input { flex:1 } .cards { grid-template-columns:1fr 1fr; gap:10px } .card { padding:10px 12px } .card dd { font-size:16px } }
`
