# direction.gp - one leg. Alone, from the project's folder:
#   gnuplot gnuplot/direction.gp   draws gnuplot/sample/ into direction_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, and needs no other file but its data.
# Data: block 0 is the line (x, Mbps; a blank line breaks it), block 1 its gaps (from, to; 0 0 for none).
if (!exists("data")) {
    load 'gnuplot/sample/variables.gp'
    title_text = 'UDP Bandwidth Over Time: EAST->HUB'
    height = 1000
    width = 2400
    load 'gnuplot/theme.gp'
    output = 'direction_sample.png'
}

set output output
set lmargin at screen 0.085
set rmargin at screen 0.985
set tmargin at screen 0.845
set bmargin at screen 0.145
color = panel_is_inbound[1] ? color_inbound : color_outbound
set label 1 title_text at screen 0.535, screen 0.952 center font font_title textcolor rgb color_text noenhanced
set title panel_title[1] font font_panel textcolor rgb color_text offset 0, -0.4 noenhanced
set xlabel x_label font font_label textcolor rgb color_text
set ylabel 'Bandwidth (Mbps)' font font_label textcolor rgb color_text offset 0.5, 0
set xrange [0:x_max]
set xtics 0, x_step
set yrange [y_min[1]:y_max[1]]
set ytics y_first[1], y_step[1]
set format y y_format[1]

plot data index 1 using 1:(y_min[1]):1:2:(y_min[1]):(y_max[1]) with boxxyerror linecolor rgb color_gap, \
     data index 0 using 1:2 with filledcurves y1=y_min[1] linecolor rgb color, \
     data index 0 using 1:2 with lines linewidth line_width linecolor rgb color
set output
