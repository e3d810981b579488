# pair.gp - the legs of one pair of sites, a panel each, over the same time. Alone, from the project's folder:
#   gnuplot gnuplot/pair.gp        draws gnuplot/sample/ into pair_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, and needs no other file but its data.
# Data, from block 0 on: a panel's line (x, Mbps; a blank line breaks it), then its gaps (from, to; 0 0 for none).
if (!exists("data")) {
    load 'gnuplot/sample/variables.gp'
    load 'gnuplot/theme.gp'
    output = 'pair_sample.png'
}

set output output
set multiplot
set lmargin at screen 0.075
set rmargin at screen 0.985
set label 1 title_text at screen 0.53, screen 0.972 center font font_title textcolor rgb color_text noenhanced
set xrange [0:x_max]
set xtics 0, x_step

chart_top = 0.905
chart_bottom = 0.09
between = 0.075
panel_height = (chart_top - chart_bottom - between * (panels - 1)) / panels

do for [i = 1:panels] {
    panel_bottom = chart_top - i * panel_height - (i - 1) * between
    color = panel_is_inbound[i] ? color_inbound : color_outbound
    set tmargin at screen panel_bottom + panel_height
    set bmargin at screen panel_bottom
    set title panel_title[i] font font_panel textcolor rgb color_text offset 0, -0.4 noenhanced
    set ylabel 'Bandwidth (Mbps)' font font_label textcolor rgb color_text offset 0.5, 0
    set yrange [y_min[i]:y_max[i]]
    set ytics y_first[i], y_step[i]
    set format y y_format[i]
    if (i < panels) { set format x ''; unset xlabel } else {
        set format x '%g'
        set xlabel x_label font font_label textcolor rgb color_text
    }
    plot data index (2 * i - 1) using 1:(y_min[i]):1:2:(y_min[i]):(y_max[i]) with boxxyerror linecolor rgb color_gap, \
         data index (2 * i - 2) using 1:2 with filledcurves y1=y_min[i] linecolor rgb color, \
         data index (2 * i - 2) using 1:2 with lines linewidth line_width linecolor rgb color
    unset label 1
}
unset multiplot
set output
