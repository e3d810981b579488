# pair.gp - the legs of one pair of sites over the same time: the rate of each and, where known, thin tracks per minute
# for loss and jitter. Alone, from the project's folder:
#   gnuplot gnuplot/pair.gp        draws gnuplot/sample/ into pair_sample.png
# In a chart that longhaul writes, its variables and the theme precede these lines, and panels.gp follows; it needs no other file
# except its data.
is_alone = !exists("data")
if (is_alone) {
    load 'gnuplot/sample/pair.gp'
    load 'gnuplot/theme.gp'
}
label_is_left = 0
if (is_alone) { load 'gnuplot/panels.gp' }
