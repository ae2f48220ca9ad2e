set terminal svg size 900,640 font "Liberation Sans,13" background "white"
set output "2026-11-26-scaling.svg"
set datafile separator ","
set multiplot layout 2,2 margins 0.08,0.98,0.09,0.94 spacing 0.1,0.14
set key bottom right
set logscale x 2
set yrange [0:*]
set xlabel "images per batch"
set ylabel "images/s"
set title "Training, 100 px"
rows = "< grep '^%s,%s,%s' 2026-11-26-scaling.csv"
plot sprintf(rows, "train", "batch", "1") using 4:7 with linespoints pt 7 lc rgb "#0072B2" title "1 thread", \
  sprintf(rows, "train", "batch", "2") using 4:7 with linespoints pt 7 lc rgb "#D55E00" title "2 threads"
set title "Embedding vqvec2, 100 px"
plot sprintf(rows, "embed", "batch", "1") using 4:7 with linespoints pt 7 lc rgb "#0072B2" title "1 thread", \
  sprintf(rows, "embed", "batch", "2") using 4:7 with linespoints pt 7 lc rgb "#D55E00" title "2 threads"
set ylabel "peak memory, GB"
set key top left
set title "Memory, 100 px, 2 threads"
plot sprintf(rows, "train", "batch", "2") using 4:($8/1000) with linespoints pt 7 lc rgb "#0072B2" title "training", \
  sprintf(rows, "embed", "batch", "2") using 4:($8/1000) with linespoints pt 7 lc rgb "#D55E00" title "embedding"
unset logscale x
set xlabel "side of a crop, pixels"
set ylabel "megapixels/s"
set key bottom right
set title "Side of a crop, batch 16, 2 threads"
plot sprintf(rows, "train", "side", "2") using 5:($7*$5*$5/1e6) with linespoints pt 7 lc rgb "#0072B2" title "training", \
  sprintf(rows, "embed", "side", "2") using 5:($7*$5*$5/1e7) with linespoints pt 7 lc rgb "#D55E00" title "embedding, tenths"
