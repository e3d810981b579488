# theme.gp - how every chart looks: fonts, colours, grid. A template sets `width` and `height` (pixels) first.
# gnuplot 5.4 or newer. The font is a wish: where it is missing, the terminal takes another.
set encoding utf8
set terminal pngcairo size width, height font 'DejaVu Sans,21' noenhanced linewidth 2 rounded background rgb '#ffffff'

color_inbound  = '#2ca02c'   # to the hub
color_outbound = '#1f77b4'   # from the hub
color_gap      = '#d62728'   # nothing was observed here
color_panel    = '#f3f4f8'
color_grid     = '#cfd3de'
color_text     = '#262626'

font_title = ',30'
font_panel = ',24'
font_label = ',22'
font_tick  = ',20'

set border 0
set key off
set tics nomirror out scale 0.4 textcolor rgb color_text font font_tick
set grid xtics ytics back linetype 1 linewidth 0.6 linecolor rgb color_grid
set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fillstyle solid 1.0 noborder fillcolor rgb color_panel

set style fill transparent solid 0.14 noborder
line_width = 1.5
