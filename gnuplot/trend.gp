# trend.gp - one leg over many days: a panel for each daily figure, with the levels that changed. Alone, from the project's folder:
#   gnuplot gnuplot/trend.gp       draws gnuplot/sample/ into trend_sample.png
# In a chart that longhaul writes, its variables and the theme precede these lines, and panels.gp follows; it needs no other file
# except its data.
is_alone = !exists("data")
if (is_alone) {
    load 'gnuplot/sample/trend.gp'
    load 'gnuplot/theme.gp'
}
label_is_left = 0
if (is_alone) { load 'gnuplot/panels.gp' }
