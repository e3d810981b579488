# pair.gp - the legs of one pair of sites over the same time: of each the rate, and where they are known thin tracks of minutes
# for loss and jitter. Alone, from the project's folder:
#   gnuplot gnuplot/pair.gp        draws gnuplot/sample/ into pair_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, panels.gp after them, and needs no other file
# but its data.
is_alone = !exists("data")
if (is_alone) {
    load 'gnuplot/sample/pair.gp'
    load 'gnuplot/theme.gp'
}
label_is_beside = 0
if (is_alone) { load 'gnuplot/panels.gp' }
