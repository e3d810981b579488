# direction.gp - one leg: rate, loss and jitter; for each pixel column the least and greatest value, 5th and 95th percentile
# and median. Alone, from the project's folder:
#   gnuplot gnuplot/direction.gp   draws gnuplot/sample/ into direction_sample.png
# In a chart that longhaul writes, its variables and the theme precede these lines, and panels.gp follows; it needs no other file
# except its data.
is_alone = !exists("data")
if (is_alone) {
    load 'gnuplot/sample/direction.gp'
    load 'gnuplot/theme.gp'
}
label_is_left = 0
if (is_alone) { load 'gnuplot/panels.gp' }
