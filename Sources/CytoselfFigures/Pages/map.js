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
function field(text){text=String(text);return /[",\n\r]/.test(text)?'"'+text.replace(/"/g,'""')+'"':text;}
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
link.href=URL.createObjectURL(new Blob([lines.join('\n')+'\n'],{type:'text/csv'}));link.click();
setTimeout(function(){URL.revokeObjectURL(link.href);},1000);};
if(place.size)show(place.keys().next().value);
})();
