# heat.gp - loss by leg and time: one row per direction, one cell per second to day. Alone, from the project's folder:
#   gnuplot gnuplot/heat.gp        draws gnuplot/sample/ into heat_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, and needs no other file except its data.
# Data: block "1 cells": cell (from 0), row (from 1, at the top), class, loss in %, and, if there is a fifth column, for how many cells it
# goes on. Classes: 0 to 7 for the loss, 8 to 12 for the rate where the loss is unknown, -1 where both are. Block "1 incidents": cell, row, class, number of the gravest incident then.
if (!exists("data")) {
    load 'gnuplot/sample/heat.gp'
    load 'gnuplot/theme.gp'
}
hex(text) = int('0x'.text[2:7])
class_color(class) = class < 0 ? hex(color_jitter_soft) : class < 8 ? hex(color_class[int(class) + 1]) : hex(color_rate[int(class) - 7])
mark_color(class) = theme eq 'dark' ? (class >= 4 && class < 8 || class >= 11 ? hex(color_page) : hex(color_text)) : \
    (class >= 5 && class < 8 || class >= 11 ? hex(color_page) : hex(color_text))

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
# The legend: the classes of loss and of rates that occur in a cell, and cells that have neither.
line = has_loss && has_rate ? 14 : 0
at = left * 1.0
row = 6 + line
n = 10
if (has_loss) {
    do for [k = 1:8] {
        n = n + 1
        set object n rectangle from screen across(at), screen down(height - row * pt) to screen across(at + 9 * pt), screen down(height - (row + 9) * pt) \
            fillstyle solid 1.0 noborder fillcolor rgb color_class[k]
        set label n class_text[k] at screen across(at + 12 * pt), screen down(height - (row + 4.5) * pt) left font font_small textcolor rgb color_faint
        at = at + (26 + strlen(class_text[k]) * size_small * 0.54) * pt
    }
}
if (has_loss && has_rate) { at = left * 1.0; row = 6 }
if (has_rate) {
    n = n + 1
    set label n 'Loss unknown, rate:' at screen across(at), screen down(height - (row + 4.5) * pt) left font font_small textcolor rgb color_faint
    at = at + (12 + 19 * size_small * 0.54) * pt
    do for [k = 1:5] {
        n = n + 1
        set object n rectangle from screen across(at), screen down(height - row * pt) to screen across(at + 9 * pt), screen down(height - (row + 9) * pt) \
            fillstyle solid 1.0 noborder fillcolor rgb color_rate[k]
        set label n rate_text[k] at screen across(at + 12 * pt), screen down(height - (row + 4.5) * pt) left font font_small textcolor rgb color_faint
        at = at + (26 + strlen(rate_text[k]) * size_small * 0.54) * pt
    }
}
if (!exists("has_incidents")) { has_incidents = 1 }
do for [k = 1:(has_incidents ? 3 : 2)] {
    n = n + 1
    entry = k == 1 ? 'unknown' : k == 2 ? 'not observed' : '1, 2, ...: the gravest incident then'
    if (k < 3) {
        set object n rectangle from screen across(at), screen down(height - row * pt) to screen across(at + 9 * pt), screen down(height - (row + 9) * pt) \
            fillstyle solid 1.0 noborder fillcolor rgb (k == 1 ? color_jitter_soft : color_gap)
    }
    set label n entry at screen across(at + (k < 3 ? 12 : 0) * pt), screen down(height - (row + 4.5) * pt) left font font_small textcolor rgb color_faint
    at = at + (26 + strlen(entry) * size_small * 0.54) * pt
}
set xrange [0:cells]
set yrange [rows + 0.5:0.5]
unset ytics
eval 'set xtics ('.x_tics.')'
gap = 0.4 * pt * cells / (width - left - right)
if (gap > 0.1) { gap = 0 }
# A cell may go on for as many cells as its fifth column says.
run(k) = valid(k) ? column(k) : 1
plot data index "1 cells" using ($1 + 0.5):2:($1 + gap):($1 + run(5) - gap):($2 - 0.45):($2 + 0.45):(class_color($3)) with boxxyerror linecolor rgb variable notitle, \
    data index "1 incidents" using ($1 + 0.5):2:4:(mark_color($3)) with labels font font_small textcolor rgb variable notitle
set output
