# hub.gp - all legs at once: one thin panel per leg, over one axis of UTC. Alone, from the project's folder:
#   gnuplot gnuplot/hub.gp         draws gnuplot/sample/ into hub_sample.png
# In a chart that longhaul writes, its variables and the theme precede these lines, and panels.gp follows; it needs no other file
# except its data.
is_alone = !exists("data")
if (is_alone) {
    load 'gnuplot/sample/hub.gp'
    load 'gnuplot/theme.gp'
}
label_is_left = 1
if (is_alone) { load 'gnuplot/panels.gp' }
