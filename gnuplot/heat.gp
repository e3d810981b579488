# heat.gp - loss by leg and hour, or day: a row for each direction, a cell for each hour. Alone, from the project's folder:
#   gnuplot gnuplot/heat.gp        draws gnuplot/sample/ into heat_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, and needs no other file but its data.
# Data: block "1 cells": cell (from 0), row (from 1, at the top), class of loss (0 to 7; -1 not known), loss in %.
if (!exists("data")) {
    load 'gnuplot/sample/heat.gp'
    load 'gnuplot/theme.gp'
}
hex(text) = int('0x'.text[2:7])
class_color(class) = class < 0 ? hex(color_jitter_soft) : hex(color_class[int(class) + 1])

set lmargin at screen across(left)
set rmargin at screen across(width - right)
set tmargin at screen down(margin_top)
set bmargin at screen down(height - margin_bottom)
set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fillstyle solid 1.0 noborder fillcolor rgb color_gap
unset grid
set label 1 title_text at screen across(left + (width - left - right) / 2.0), screen down(size_title * pt * 1.15) center \
    font font_title textcolor rgb color_text noenhanced
do for [k = 1:rows] {
    set label 100 + k row_label[k] at screen across(left - 6 * pt), first k right font font_small textcolor rgb color_text noenhanced
}
# The legend: classes, and what has none.
at = left * 1.0
do for [k = 1:10] {
    entry = k <= 8 ? class_text[k] : k == 9 ? 'not known' : 'not observed'
    square = k <= 8 ? color_class[k] : k == 9 ? color_jitter_soft : color_gap
    set object 10 + k rectangle from screen across(at), screen down(height - 6 * pt) to screen across(at + 9 * pt), screen down(height - 15 * pt) \
        fillstyle solid 1.0 noborder fillcolor rgb square
    set label 10 + k entry at screen across(at + 12 * pt), screen down(height - 10.5 * pt) left font font_small textcolor rgb color_faint
    at = at + (26 + strlen(entry) * size_small * 0.54) * pt
}
set xrange [0:cells]
set yrange [rows + 0.5:0.5]
unset ytics
eval 'set xtics ('.x_tics.')'
gap = 0.4 * pt * cells / (width - left - right)
if (gap > 0.1) { gap = 0 }
plot data index "1 cells" using ($1 + 0.5):2:($1 + gap):($1 + 1 - gap):($2 - 0.45):($2 + 0.45):(class_color($3)) with boxxyerror linecolor rgb variable notitle
set output
