# direction.gp - one leg: rate, loss and jitter, of each column of pixels the least and greatest value, 5th and 95th percentile
# and median. Alone, from the project's folder:
#   gnuplot gnuplot/direction.gp   draws gnuplot/sample/ into direction_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, panels.gp after them, and needs no other file
# but its data.
is_alone = !exists("data")
if (is_alone) {
    load 'gnuplot/sample/direction.gp'
    load 'gnuplot/theme.gp'
}
label_is_beside = 0
if (is_alone) { load 'gnuplot/panels.gp' }
