"""Looks and filter of the scorecard page; both are part of the page itself."""

# Text on these backgrounds has a contrast of at least 5:1. Blue, orange, purple, grey
# and white stay apart in the common colour deficiencies; the word is always there too.
STYLE = """
*{box-sizing:border-box}
body{margin:0 auto;max-width:75rem;padding:1rem;color:#1a1a1a;background:#fff;
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:2px solid #1a1a1a}
.note{border:3px solid #b34700;background:#fff3e6;padding:.75rem 1rem;
font-weight:600;margin:1rem 0}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:1rem 0;list-style:none}
.counts li{padding:.3rem .7rem;color:#fff;border-radius:.25rem}
.counts b{font-size:1.25rem;margin-right:.35rem}
.reproduced{background:#005a94}.deviates{background:#b34700}
.incomparable{background:#7d3f74}.notrun{background:#5c5c5c}
.badge{color:#fff;padding:.1rem .45rem;border-radius:.25rem;white-space:nowrap;
font-size:.875rem}
.counts .unconfirmed,.badge.unconfirmed{background:#fff;color:#1a1a1a;
box-shadow:inset 0 0 0 2px #1a1a1a}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}
dt{font-weight:600}dd{margin:0}
details{margin:.5rem 0}
summary{cursor:pointer;padding:.5rem 0;font-weight:600}
summary span{font-weight:400;color:#4d4d4d}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;min-width:52rem;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;
border-bottom:1px solid #d0d0d0;overflow-wrap:break-word}
th{border-bottom:2px solid #808080;font-size:.875rem}
td{font-variant-numeric:tabular-nums}
th:first-child{width:29%}th:nth-child(2),th:nth-child(3){width:19%}
th:nth-child(4){width:19%}
.four th:first-child{width:43%}
@media(max-width:40rem){table{min-width:44rem;font-size:.9375rem}
th:first-child{width:26%}.four th:first-child{width:30%}th,td{padding:.4rem}}
.why{margin:0}.why summary{padding:0;font-weight:400;color:#4d4d4d;font-size:.8125rem}
small{display:block;color:#4d4d4d;font-size:.8125rem}
label{font-weight:600}select{font:inherit;padding:.3rem;margin-left:.5rem}
"""
# Without JavaScript the filter stays hidden and every row stays visible.
SCRIPT = """
const box=document.getElementById("filter"),pick=box.querySelector("select");
box.hidden=false;
pick.onchange=()=>document.querySelectorAll(".group").forEach(group=>{
let shown=0;
group.querySelectorAll("tr[data-verdict]").forEach(row=>{
row.hidden=Boolean(pick.value)&&row.dataset.verdict!==pick.value;
shown+=row.hidden?0:1;});
group.hidden=!shown;
if(pick.value)group.open=shown>0;});
"""
