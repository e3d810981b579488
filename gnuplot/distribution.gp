# distribution.gp - distribution functions of the intervals' jitter and loss, and of the datagrams' delays where they are known (`sides` is
# 'jitter loss delay' then), one curve per leg. Alone, from the project's
# folder:
#   gnuplot gnuplot/distribution.gp    draws gnuplot/sample/ into distribution_sample.png
# A chart that longhaul writes has its variables and the theme before these lines, and needs no other file except its data.
# Data: blocks "1 curves" (jitter), "2 curves" (loss) and "3 curves" (delay): value, share of the intervals or datagrams at or below it, the leg's number.
if (!exists("data")) {
    load 'gnuplot/sample/distribution.gp'
    load 'gnuplot/theme.gp'
}
line_color(k) = int('0x'.color_line[(int(k) - 1) % 8 + 1][2:7])
line_width(k) = (k <= 8 ? 1.4 : k <= 16 ? 0.8 : 0.4) * pt
between = 66 * pt
panel_width = (width - left - right - (words(sides) - 1) * between) / words(sides)

set multiplot
set label 1 title_text at screen across(left + (width - left - right) / 2.0), screen down(size_title * pt * 1.15) center \
    font font_title textcolor rgb color_text noenhanced
do for [k = 1:legs] {
    y = 46 * pt + (k - 1) * 13 * pt
    set arrow k from screen across(width - right + 10 * pt), screen down(y) to screen across(width - right + 28 * pt), screen down(y) \
        nohead linewidth line_width(k) linecolor rgb color_line[(k - 1) % 8 + 1]
    set label 1 + k leg_label[k] at screen across(width - right + 32 * pt), screen down(y) left font font_small textcolor rgb color_text noenhanced
}
set tmargin at screen down(46 * pt)
set bmargin at screen down(height - 40 * pt)
set logscale x
do for [k_side = 1:words(sides)] {
    side = word(sides, k_side)
    shift = (k_side - 1) * (panel_width + between)
    set lmargin at screen across(left + shift)
    set rmargin at screen across(left + shift + panel_width)
    set label 90 value('title_'.side) at graph 0.5, screen down(38 * pt) center font font_panel textcolor rgb color_text
    set label 91 value('label_'.side) at graph 0.5, screen down(height - 10 * pt) center font font_label textcolor rgb color_text
    set label 92 'Share' at screen across(shift + (k_side == 1 ? 9 : -6) * pt), graph 0.5 center rotate by 90 font font_label textcolor rgb color_text
    set xrange [value('x_low_'.side):value('x_high_'.side)]
    set yrange [value('y_low_'.side):1]
    eval 'set xtics ('.value('x_tics_'.side).')'
    eval 'set ytics ('.value('y_tics_'.side).')'
    plot for [k = 1:legs] data index sprintf('%d curves', k_side) using ($3 == k ? $1 : NaN):2 with steps \
        linewidth line_width(k) linecolor rgb color_line[(k - 1) % 8 + 1] notitle
    unset label 1
    do for [k = 1:legs] { unset arrow k; unset label 1 + k }
}
unset multiplot
set output
