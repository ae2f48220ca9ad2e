extension Report {
  /// The style of the page: system faces, one column, room to read, dark and light, print.
  static let style = """
    :root{--ink:#1d2125;--quiet:#5f6872;--line:#e3e6ea;--soft:#f5f7f9;--accent:#0072b2;--mark:#d55e00;--page:#fff}
    @media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--quiet:#a0a8b1;--line:#33383e;--soft:#22262b;--accent:#6cb6ea;--mark:#ff9a4d;--page:#181b1f}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--page);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif}
    main{max-width:62rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
    h1{font-size:clamp(1.7rem,4vw,2.4rem);line-height:1.15;letter-spacing:-.02em;margin:0 0 .6rem;overflow-wrap:anywhere}
    h2{font-size:1.3rem;letter-spacing:-.01em;margin:3rem 0 .8rem;padding-top:.2rem;overflow-wrap:anywhere}
    p{max-width:44rem;margin:.6rem 0;overflow-wrap:anywhere}
    .lead{font-size:1.1rem;color:var(--quiet);margin:0}
    a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px}
    nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:.8rem 0;margin:1.5rem 0 0;border-block:1px solid var(--line);font-size:.95rem}
    nav a{text-decoration:none}
    nav a:hover{text-decoration:underline}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;font-size:.95rem;min-width:min(100%,24rem)}
    th,td{text-align:left;padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:baseline;font-weight:400}
    thead th{color:var(--quiet);font-size:.82rem;border-bottom-color:var(--quiet)}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .scores{width:100%}
    .scores tbody th{width:45%}
    .scores small{display:block;color:var(--quiet);font-size:.82rem;line-height:1.35}
    .big{font-weight:650;font-size:1.1rem}
    .barcell{width:30%;min-width:6rem;padding-right:0}
    .bar{display:block;position:relative;height:.6rem;border-radius:.3rem;background:var(--line)}
    .bar i{position:absolute;inset:0 auto 0 0;border-radius:.3rem;background:var(--accent);print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .bar b{position:absolute;top:-.2rem;bottom:-.2rem;width:2px;margin-left:-1px;background:var(--mark);print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .pairs th{color:var(--quiet);white-space:nowrap;padding-right:1.5rem}
    .pairs td{overflow-wrap:anywhere}
    figure{margin:1.5rem 0 2.2rem}
    .paper{background:#fff;border:1px solid var(--line);border-radius:.5rem;padding:.8rem;overflow-x:auto;width:fit-content;max-width:100%}
    img{display:block;max-width:100%;height:auto}
    figcaption,.caption{color:var(--quiet);font-size:.9rem;max-width:44rem;margin-top:.6rem;overflow-wrap:anywhere}
    .links{white-space:nowrap;font-size:.82rem;margin-left:.4rem}
    .missing{border:1px dashed var(--quiet);border-radius:.5rem;padding:1rem;color:var(--quiet)}
    .button{display:inline-block;padding:.45rem .9rem;border:1px solid var(--accent);border-radius:.5rem;text-decoration:none}
    pre{background:var(--soft);border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem;overflow-x:auto;font-size:.85rem;line-height:1.5}
    code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    @media (max-width:40rem){.barcell,.scores thead th:last-child{display:none}.paper{padding:.3rem}main{padding-top:1.5rem}}
    @media print{:root{--ink:#000;--quiet:#444;--line:#ccc;--soft:#fff;--page:#fff;--accent:#0072b2;--mark:#d55e00}body{font-size:10.5pt}main{max-width:none;padding:0}nav,.links{display:none}figure,tr,pre{break-inside:avoid}h2{break-after:avoid}pre{white-space:pre-wrap;overflow-wrap:anywhere}.paper{border:0;padding:0}a{color:inherit}}
    """
}
