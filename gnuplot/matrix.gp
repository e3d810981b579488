# matrix.gp - source by destination: loss, jitter, coverage. Alone, from the project's folder:
#   gnuplot gnuplot/matrix.gp      draws gnuplot/sample/ into matrix_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, and needs no other file except its data.
# Data: blocks "1 cells" (loss), "2 cells" (jitter), "3 cells" (coverage): destination, source (from 1), class (0 to 7; -1 if
# unknown), the figure as text.
if (!exists("data")) {
    load 'gnuplot/sample/matrix.gp'
    load 'gnuplot/theme.gp'
}
hex(text) = int('0x'.text[2:7])
class_color(class) = class < 0 ? hex(color_jitter_soft) : hex(color_class[int(class) + 1])
text_color(class) = theme eq 'dark' ? (class >= 4 ? hex(color_page) : hex(color_text)) : (class >= 5 ? hex(color_page) : hex(color_text))
class_text(m, k) = m == 1 ? class_text_1[k] : m == 2 ? class_text_2[k] : class_text_3[k]

# The size of one matrix with its labels, title and legend, and of a cell, in pixels.
head = 30 * pt
room_width = is_one_row ? width / 3.0 : width * 1.0
room_height = is_one_row ? height - head : (height - head) / 3.0
cell_x = (room_width - label_width - 24 * pt) / sites
cell_y = (room_height - label_width - 68 * pt) / sites
cell = cell_x < cell_y ? cell_x : cell_y
# If cells are smaller than letters, only every n'th site is named.
every = ceil(size_small * pt * 0.95 / cell)

set multiplot
unset xtics
unset ytics
unset grid
set label 1 title_text at screen 0.5, screen down(size_title * pt * 1.15) center font font_title textcolor rgb color_text noenhanced
do for [m = 1:3] {
    x = is_one_row ? (m - 1) * room_width : 0
    y = head + (is_one_row ? 0 : (m - 1) * room_height)
    x = x + label_width + 8 * pt
    top = y + 24 * pt + label_width
    set lmargin at screen across(x)
    set rmargin at screen across(x + sites * cell)
    set tmargin at screen down(top)
    set bmargin at screen down(top + sites * cell)
    set label 2 matrix_title[m] at screen across(x), screen down(y + 10 * pt) left font font_panel textcolor rgb color_text
    do for [k = 1:sites] {
        unset label 1000 + k
        unset label 2000 + k
        if ((k - 1) % every == 0) {
            set label 1000 + k site[k] at screen across(x - 4 * pt), first k right font font_small textcolor rgb color_text noenhanced
            set label 2000 + k site[k] at first k, screen down(top - 4 * pt) left rotate by 90 font font_small textcolor rgb color_text noenhanced
        }
    }
    # The legend: adjacent squares, and the upper limit of each.
    wide = room_width - label_width - 20 * pt
    step = (wide > 560 * pt ? 560 * pt : wide) / 8.0
    font_legend = sized(step > 34 * pt ? 8 : 6)
    do for [k = 1:8] {
        set object 10 + k rectangle from screen across(x + (k - 1) * step), screen down(top + sites * cell + 10 * pt) \
            to screen across(x + k * step - 2 * pt), screen down(top + sites * cell + 17 * pt) fillstyle solid 1.0 noborder fillcolor rgb color_class[k]
        set label 10 + k class_text(m, k) at screen across(x + (k - 0.5) * step), screen down(top + sites * cell + 24 * pt) center \
            font font_legend textcolor rgb color_faint
    }
    set xrange [0.5:sites + 0.5]
    set yrange [sites + 0.5:0.5]
    gap = cell > 8 * pt ? 0.47 : 0.5
    clause = sprintf('plot data index "%d cells" using 1:2:($1-gap):($1+gap):($2-gap):($2+gap):(class_color($3)) with boxxyerror linecolor rgb variable notitle', m)
    if (has_text) { clause = clause.sprintf(', data index "%d cells" using 1:2:4:(text_color($3)) with labels font font_small textcolor rgb variable notitle', m) }
    eval clause
    unset label 1
}
unset multiplot
set output
