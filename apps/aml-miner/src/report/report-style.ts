/** The look of a report. It is a part of the page: a report is one file that needs nothing else. */
export const reportStyle = `
:root { color-scheme: light; --ink:#0f172a; --soft:#64748b; --line:#e2e8f0; --card:#fff; --page:#f1f5f9; --accent:#2563eb }
* { box-sizing: border-box }
body { margin:0; background:var(--page); color:var(--ink); font:15px/1.5 ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif }
main { max-width:1360px; margin:0 auto; padding:32px 24px 64px }
h1 { font-size:26px; margin:0 0 4px; letter-spacing:-.01em }
h2 { font-size:17px; margin:0 0 12px }
.sub { color:var(--soft); margin:0 0 24px }
.cards { display:grid; grid-template-columns:repeat(auto-fit,minmax(150px,1fr)); gap:12px; margin-bottom:20px }
.card,.panel { background:var(--card); border:1px solid var(--line); border-radius:12px; box-shadow:0 1px 2px rgba(15,23,42,.04) }
.card { padding:14px 16px }
.card b { display:block; font-size:24px; letter-spacing:-.02em; font-variant-numeric:tabular-nums }
.card span { color:var(--soft); font-size:13px }
.grid { display:grid; grid-template-columns:repeat(auto-fit,minmax(520px,1fr)); gap:16px; margin-bottom:16px }
@media (max-width:640px) { .grid { grid-template-columns:1fr } main { padding:20px 12px } }
.panel { padding:18px 20px; margin-bottom:16px; overflow-x:auto }
.grid .panel { margin:0 }
.panel svg { width:100%; height:auto; display:block }
table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums }
th { text-align:left; font-size:12px; text-transform:uppercase; letter-spacing:.04em; color:var(--soft); font-weight:600; padding:6px 10px; border-bottom:1px solid var(--line) }
td { padding:8px 10px; border-bottom:1px solid var(--line); vertical-align:top }
tr:last-child td { border-bottom:0 }
.num { text-align:right; white-space:nowrap }
code,.mono { font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace; overflow-wrap:anywhere }
.tag { display:inline-block; padding:1px 8px; border-radius:99px; font-size:12px; font-weight:600; white-space:nowrap }
.critical { background:#fee2e2; color:#991b1b } .high { background:#ffedd5; color:#9a3412 }
.medium { background:#fef9c3; color:#854d0e } .low { background:#e0f2fe; color:#075985 }
.bar { display:inline-block; width:70px; height:7px; border-radius:4px; background:var(--line); margin-left:8px; vertical-align:middle }
.bar i { display:block; height:7px; border-radius:4px; background:var(--accent) }
details summary { cursor:pointer; color:var(--accent); font-size:13px; margin-top:4px }
details pre { background:#f8fafc; border:1px solid var(--line); border-radius:8px; padding:10px; max-height:340px; overflow:auto; font-size:12px; white-space:pre-wrap; overflow-wrap:anywhere }
.why { width:auto; margin:8px 0 } .why td { padding:2px 10px; border:0; font-size:13px }
.plus { color:#166534 } .minus { color:#991b1b } .muted { color:var(--soft) }
footer { color:var(--soft); font-size:13px; margin-top:24px }
`
