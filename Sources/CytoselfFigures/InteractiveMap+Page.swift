import Foundation

extension InteractiveMap {
  /// The page with the library in it.
  func page(library: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="cytoself">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:">
    <title>\(FigureText.html(title))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <header><h1>\(FigureText.html(title))</h1><p id="count"></p></header>
    <main>
    <div id="map" role="img" aria-label="\(FigureText.html(title))"></div>
    <aside>
    <section><h2>Selection</h2><p id="chosen">Draw around cells with the lasso or the box.</p>
    <button id="lasso" type="button">Lasso</button> <button id="pan" type="button">Move</button>
    <button id="save" type="button" disabled>Save ids</button></section>
    <section aria-live="polite"><canvas id="picture" width="1" height="1" hidden></canvas>
    <dl id="cell"><dt>Point at a cell</dt><dd>to see what it is. Click to keep it.</dd></dl></section>
    </aside>
    </main>
    <script type="application/json" id="data">\(dataObject())</script>
    <script>\(library)</script>
    <script>
    \(Self.behaviour)
    </script>
    </body>
    </html>

    """
  }

  /// Everything the page shows as JSON; numbers as base64 of little-endian arrays.
  func dataObject() -> String {
    let known = Dictionary(
      palette.names.enumerated().map { ($1, UInt32($0)) }, uniquingKeysWith: { a, _ in a })
    let other = UInt32(palette.names.count)
    var parts = [
      "\"x\":\"\(base64(x.map(\.bitPattern)))\"", "\"y\":\"\(base64(y.map(\.bitPattern)))\"",
      "\"group\":\"\(base64(groups.map { known[$0] ?? other }))\"",
      "\"ids\":[" + ids.map(json).joined(separator: ",") + "]",
      "\"axes\":[\(json(axisNames.x)),\(json(axisNames.y))]",
    ]
    let legend = palette.names.map { name in
      "[\(json(name)),\"\(palette[name].color.hex)\",\"\(symbol(palette[name].marker))\"]"
    }
    parts.append(
      "\"groups\":["
        + (legend + ["[\"others\",\"\(Color.others.hex)\",\"circle\"]"]).joined(separator: ",")
        + "]")
    let shown = [Column(name: groupName, values: groups)] + columns
    let encoded = shown.map { column in
      var places: [String: UInt32] = [:]
      var levels: [String] = []
      let codes = column.values.map { value -> UInt32 in
        if let place = places[value] { return place }
        let place = UInt32(levels.count)
        places[value] = place
        levels.append(value)
        return place
      }
      return "{\"name\":\(json(column.name)),\"levels\":["
        + levels.map(json).joined(separator: ",") + "],\"codes\":\"\(base64(codes))\"}"
    }
    parts.append("\"columns\":[" + encoded.joined(separator: ",") + "]")
    if let pictures, !pictures.cells.isEmpty {
      parts.append(
        "\"pictures\":{\"side\":\(pictures.side),\"cells\":\"\(base64(pictures.cells.map(UInt32.init)))\","
          + "\"pixels\":\"\(Data(pictures.pixels).base64EncodedString())\"}")
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  private func base64(_ values: [UInt32]) -> String {
    var data = Data(capacity: 4 * values.count)
    for value in values { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
    return data.base64EncodedString()
  }

  private func symbol(_ marker: Marker) -> String {
    switch marker {
    case .circle: "circle"
    case .triangle: "triangle-up"
    case .square: "square"
    case .diamond: "diamond"
    case .wedge: "triangle-down"
    }
  }

  /// A JSON string that cannot end the element it stands in.
  private func json(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  private static let style = """
    *{box-sizing:border-box}
    html,body{height:100%;margin:0}
    body{display:flex;flex-direction:column;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,"Liberation Sans",sans-serif;color:#1d2125;background:#fff}
    header{padding:.8rem 1.2rem .4rem;display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap}
    h1{font-size:1.25rem;margin:0}
    h2{font-size:.95rem;margin:0 0 .3rem}
    #count{margin:0;color:#5f6872}
    main{flex:1;display:flex;min-height:0}
    #map{flex:1;min-width:0}
    #chosen{margin:0 0 .4rem}
    aside{width:16rem;padding:.6rem 1.2rem;border-left:1px solid #e3e6ea;overflow:auto}
    section{margin-bottom:1.4rem}
    #picture{width:100%;aspect-ratio:1;image-rendering:pixelated;background:#000;border-radius:.4rem;margin-bottom:.6rem}
    #picture[hidden]{display:none}
    dl{margin:0;display:grid;grid-template-columns:minmax(3.5rem,auto) 1fr;column-gap:.7rem;font-size:.85rem}
    dt{color:#5f6872;overflow-wrap:anywhere}
    dd{margin:0 0 .25rem;overflow-wrap:anywhere}
    button{font:inherit;font-size:.85rem;padding:.25rem .55rem;border:1px solid #0072b2;border-radius:.4rem;background:#fff;color:#0072b2;cursor:pointer}
    button:disabled{border-color:#c9ced4;color:#8a929a;cursor:default}
    @media (max-width:45rem){main{flex-direction:column}aside{width:auto;border-left:0;border-top:1px solid #e3e6ea;max-height:45%}#picture{width:7rem;float:left;margin-right:.8rem}}
    """

  /// What the page does; every text of users reaches the page as text, never as markup.
  private static let behaviour = """
    (function(){
    'use strict';
    var data=JSON.parse(document.getElementById('data').textContent);
    function bytes(text){var raw=atob(text),out=new Uint8Array(raw.length);for(var i=0;i<raw.length;i++)out[i]=raw.charCodeAt(i);return out;}
    var x=new Float32Array(bytes(data.x).buffer),y=new Float32Array(bytes(data.y).buffer);
    var group=new Uint32Array(bytes(data.group).buffer),count=x.length;
    data.columns.forEach(function(c){c.codes=new Uint32Array(bytes(c.codes).buffer);});
    var place=new Map(),pixels=null,side=0;
    if(data.pictures){side=data.pictures.side;pixels=bytes(data.pictures.pixels);
    new Uint32Array(bytes(data.pictures.cells).buffer).forEach(function(cell,i){place.set(cell,i);});}
    function plain(text){return String(text).replace(/&/g,'&amp;').replace(/</g,'&lt;').replace(/>/g,'&gt;');}
    document.getElementById('count').textContent=count.toLocaleString('en')+' cells'+
    (place.size?', pictures of '+(place.size<count?place.size.toLocaleString('en')+' drawn at random':'all'):'');
    var members=data.groups.map(function(){return [];});
    for(var i=0;i<count;i++)if(isFinite(x[i])&&isFinite(y[i]))members[group[i]].push(i);
    var size=Math.max(2.5,Math.min(8,8*Math.pow(count/400,-0.28)));
    var order=[];
    data.groups.forEach(function(g,k){if(members[k].length)order.push(k);});
    var last=data.groups.length-1;
    if(order[order.length-1]===last){order.pop();order.unshift(last);}
    var traces=order.map(function(k){return {
    type:count>5000?'scattergl':'scatter',mode:'markers',name:plain(data.groups[k][0])+' ('+members[k].length.toLocaleString('en')+')',
    x:members[k].map(function(i){return x[i];}),y:members[k].map(function(i){return y[i];}),customdata:members[k],
    hoverinfo:'none',legendrank:k===last?2000:1000+k,
    marker:{color:data.groups[k][1],symbol:data.groups[k][2],size:size,opacity:k===last?0.5:0.8},
    unselected:{marker:{opacity:0.12}}};});
    var axis=function(name){return {title:{text:plain(name)},showgrid:false,zeroline:false,showticklabels:false,ticks:'',showline:true,mirror:true,linecolor:'#9a9a9a'};};
    var layout={dragmode:'pan',hovermode:'closest',margin:{l:36,r:10,t:40,b:36},xaxis:axis(data.axes[0]),
    yaxis:Object.assign(axis(data.axes[1]),{scaleanchor:'x'}),legend:innerWidth<720?{itemsizing:'constant',orientation:'h',y:-0.12}:{itemsizing:'constant',font:{size:13}},
    font:{family:'system-ui,-apple-system,Segoe UI,Roboto,Arial,sans-serif',color:'#1d2125'}};
    var map=document.getElementById('map'),kept=null,chosen=[];
    function show(cell){
    var list=document.getElementById('cell');list.textContent='';
    function row(name,value){if(value==='')return;var t=document.createElement('dt'),d=document.createElement('dd');t.textContent=name;d.textContent=value;list.append(t,d);}
    row('id',data.ids[cell]);
    data.columns.forEach(function(c){row(c.name,c.levels[c.codes[cell]]);});
    var canvas=document.getElementById('picture'),at=place.get(cell);
    canvas.hidden=at===undefined;
    if(at===undefined)return;
    canvas.width=canvas.height=side;
    var pen=canvas.getContext('2d'),image=pen.createImageData(side,side),start=at*side*side;
    for(var i=0;i<side*side;i++){var v=pixels[start+i];image.data[4*i]=image.data[4*i+1]=image.data[4*i+2]=v;image.data[4*i+3]=255;}
    pen.putImageData(image,0,0);}
    function select(cells){chosen=cells;document.getElementById('save').disabled=!cells.length;
    document.getElementById('chosen').textContent=cells.length?cells.length.toLocaleString('en')+' cells chosen.':'Draw around cells with the lasso or the box.';}
    function field(text){text=String(text);return /[",\\n\\r]/.test(text)?'"'+text.replace(/"/g,'""')+'"':text;}
    Plotly.newPlot(map,traces,layout,{responsive:true,scrollZoom:true,displaylogo:false,
    modeBarButtons:[['toImage'],['zoom2d','pan2d','select2d','lasso2d'],['zoomIn2d','zoomOut2d','resetScale2d']]}).then(function(){
    map.on('plotly_hover',function(e){if(kept===null)show(e.points[0].customdata);});
    map.on('plotly_click',function(e){var cell=e.points[0].customdata;kept=kept===cell?null:cell;show(cell);});
    map.on('plotly_selected',function(e){select(e&&e.points?e.points.map(function(p){return p.customdata;}):[]);});
    map.on('plotly_deselect',function(){select([]);});
    document.documentElement.dataset.ready='yes';});
    document.getElementById('lasso').onclick=function(){Plotly.relayout(map,{dragmode:'lasso'});};
    document.getElementById('pan').onclick=function(){Plotly.relayout(map,{dragmode:'pan'});};
    document.getElementById('save').onclick=function(){
    var lines=[['cell'].concat(data.columns.map(function(c){return c.name;})).map(field).join(',')];
    chosen.slice().sort(function(a,b){return a-b;}).forEach(function(cell){
    lines.push([data.ids[cell]].concat(data.columns.map(function(c){return c.levels[c.codes[cell]];})).map(field).join(','));});
    var link=document.createElement('a');link.download='cells.csv';
    link.href=URL.createObjectURL(new Blob([lines.join('\\n')+'\\n'],{type:'text/csv'}));link.click();
    setTimeout(function(){URL.revokeObjectURL(link.href);},1000);};
    if(place.size)show(place.keys().next().value);
    })();
    """
}
