# hub.gp - all legs at once: a thin panel for each, over one axis of UTC. Alone, from the project's folder:
#   gnuplot gnuplot/hub.gp         draws gnuplot/sample/ into hub_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, panels.gp after them, and needs no other file
# but its data.
is_alone = !exists("data")
if (is_alone) {
    load 'gnuplot/sample/hub.gp'
    load 'gnuplot/theme.gp'
}
label_is_beside = 1
if (is_alone) { load 'gnuplot/panels.gp' }
