# panels.gp - draws the panels of a chart below each other, over one axis of time. For pair, direction and hub.
# For each panel i: panel_title[i] ('' for none), panel_label[i] (a | begins another line),
# panel_weight[i] (share of the height), panel_low[i], panel_high[i], panel_is_log[i], panel_tics[i], panel_color[i] (a colour of the theme) and panel_layers[i], its layers;
# they are drawn in the order of this list. A layer's data is the block "<i> <layer>" of `data`:
#   gaps      from, to          not observed
#   under     x, y              the area below the line
#   events    from, to, kind    of the report's list of events, kinds 1 to 7
#   line      x, y              a blank line breaks it
#   columns   x, least, greatest    extended by half a line on both sides, for each pixel column, or for panel_step[i] if wider: no spike is lost
#   extremes, band, median      the same: least to greatest, p5 to p95, median; of delays: p50 to greatest, p50 to p99
#   area      x, y              its outline; a blank line breaks it
#   bars      x, y              the outline of bars; those that touch are one area, without seams
#   rug       x, y              the same, of losses
#   wide, narrow    x, y, y     an area between two lines; narrow, in front of it, is darker
#   levels    x, y              dashed
#   changes   x                 where a level changed
#   said      x, text           of a change
#   sent      x, y              what was sent, where the line is what arrived
#   target    x, y
#   numbers   x, text, from, to, kind    of incidents: a tab from, to in the colour of the kind (0: unknown) is behind the text
#   beyond    x, text           marks of values beyond the end of the axis
#   causes, causes_upright    x, text    the causes of gaps
all_layers = 'gaps under events sent extremes band median wide narrow columns line target bars area rug levels changes said numbers causes causes_upright beyond'

array event_color[10]
event_color[1] = color_outage; event_color[2] = color_loss_event; event_color[3] = color_rate_cap; event_color[4] = color_jitter_event
event_color[5] = color_rate_event; event_color[6] = color_control; event_color[7] = color_ended; event_color[8] = color_delay_event
event_color[9] = color_route; event_color[10] = color_silence
lines(text) = strstrt(text, '|') ? text[1:strstrt(text, '|')-1]."\n".lines(text[strstrt(text, '|')+1:*]) : text
n_lines(text) = strstrt(text, '|') ? 1 + n_lines(text[strstrt(text, '|')+1:*]) : 1
longest(text) = strstrt(text, '|') ? (strstrt(text, '|') - 1 > longest(text[strstrt(text, '|')+1:*]) ? strstrt(text, '|') - 1 : longest(text[strstrt(text, '|')+1:*])) : strlen(text)
hex(text) = int('0x'.text[2:7])
kind_color(kind) = hex(event_color[int(kind)])
tab_color(kind) = kind < 1 ? hex(color_panel) : kind_color(kind)
hue(name) = value('color_'.name)

# Columns look like a line that goes up in one and down in the next. gd draws boxes a hundred times faster than thick lines, and plain
# columns of data are read several times faster than expressions; in svg, lines take fewer bytes.
columns(points, hue) = format eq 'svg' ? \
    sprintf('using 1:2:(0):($3-$2) with vectors nohead linewidth %g * pt linecolor rgb %s', points, hue) : \
    sprintf('using 1:2:2:3:3 with candlesticks whiskerbars 0 linewidth 1 linecolor rgb %s', hue)
block(layer, i) = sprintf('data index "%d %s" ', i, layer)
# The tab behind a number, in the colour of its incident's kind. Thin panels have their numbers above, where nothing is behind them.
tabs(i) = label_is_left ? '' : block('numbers', i).'using 1:(tab_low):3:4:(tab_low):(high):(tab_color($5)) with boxxyerror linecolor rgb variable notitle, '
layer(l, i) = \
    l eq 'gaps' ? block('gaps', i).'using 1:(low):1:2:(low):(high) with boxxyerror linecolor rgb color_gap' : \
    l eq 'events' ? block('events', i).'using 1:(low):1:2:(low):(top_event):(kind_color($3)) with boxxyerror linecolor rgb variable' : \
    l eq 'under' ? block('under', i).'using 1:2 with filledcurves y1=low linecolor rgb soft' : \
    l eq 'line' ? block('line', i).'using 1:2 with lines linewidth 1.1 * pt linecolor rgb color' : \
    l eq 'columns' ? block('columns', i).columns(1.1, 'color') : \
    l eq 'extremes' ? block('extremes', i).columns(1.1, 'middle') : \
    l eq 'band' ? block('band', i).columns(1.1, 'color') : \
    l eq 'median' ? block('median', i).columns(0.6, 'color_text') : \
    l eq 'sent' ? block('sent', i).'using 1:2 with lines linewidth 1.1 * pt linecolor rgb color_sent' : \
    l eq 'target' ? block('target', i).'using 1:2 with lines linewidth 0.4 * pt dashtype 2 linecolor rgb color_text' : \
    l eq 'beyond' ? block('beyond', i).'using 1:(high):2 with labels center offset character 0, character (strstrt(panel_layers[i], "numbers") && !label_is_left ? -1.7 : -0.7) font font_small textcolor rgb color_text' : \
    l eq 'bars' ? block('bars', i).'using 1:2 with filledcurves y1=low linecolor rgb color' : \
    l eq 'area' ? block('area', i).'using 1:2 with filledcurves y1=low linecolor rgb color' : \
    l eq 'wide' ? block('wide', i).'using 1:2:3 with filledcurves linecolor rgb middle' : \
    l eq 'narrow' ? block('narrow', i).'using 1:2:3 with filledcurves linecolor rgb color' : \
    l eq 'levels' ? block('levels', i).'using 1:2 with lines linewidth 0.9 * pt dashtype 2 linecolor rgb color_text' : \
    l eq 'changes' ? block('changes', i).'using 1:(low):(0):(high-low) with vectors nohead linewidth 0.7 * pt linecolor rgb color_text' : \
    l eq 'said' ? block('said', i).'using 1:(high):2 with labels center boxed offset character 0, character -2 font font_small textcolor rgb color_text' : \
    l eq 'rug' ? block('rug', i).'using 1:2 with filledcurves y1=low linecolor rgb color_loss' : \
    l eq 'numbers' ? tabs(i).block('numbers', i).'using 1:(high):2 with labels center offset character 0, character number_offset font font_small textcolor rgb color_text' : \
    l eq 'causes' ? block('causes', i).'using 1:(between):2 with labels center font font_small textcolor rgb color_text' : \
    l eq 'causes_upright' ? block('causes_upright', i).'using 1:(between):2 with labels center rotate by 90 font font_small textcolor rgb color_text' : ''

# In svg, marks are further away from their axis.
nearer(points) = format eq 'svg' ? sprintf(' offset screen 0, screen %g', points * pt / height) : ''

# Above thin panels are numbers: the times of the upper axis are higher.
raised = label_is_left ? 9 : 0

set style textbox opaque noborder margins 0.4, 0.4 fillcolor rgb color_panel
set multiplot
set lmargin at screen across(left)
set rmargin at screen across(width - right)
set label 1 title_text at screen across(left + (width - left - right) / 2.0), screen down(size_title * pt * 1.15) center \
    font font_title textcolor rgb color_text noenhanced
set label 3 x_label at screen across(width - right), screen down(height - size_label * pt * 2.1) right \
    font font_small textcolor rgb color_faint noenhanced
if (x2_tics ne '') {
    set label 4 'UTC' at screen across(left - 6 * pt), screen down(margin_top - (11.5 + raised) * pt) right font font_tick textcolor rgb color_faint
}
# The legend, from the left margin on: each entry is its sign and its words; a band has a square, a line a stroke, and signs of numbers are words.
is_line(text) = text eq 'sent' || text eq 'target' || text eq 'median'
at = left * 1.0
do for [k = 1:|legend_text|] {
    if (strlen(legend_text[k])) {
        foot = height - size_label * pt * 0.4
        if (is_line(legend_text[k])) {
            eval sprintf('set arrow %d from screen across(at), screen down(foot - 3.5 * pt) to screen across(at + 8 * pt), screen down(foot - 3.5 * pt) nohead front linewidth %g dashtype %d linecolor rgb hue(legend_color[k])', \
                10 + k, (legend_text[k] eq 'target' ? 0.4 : 1.1) * pt, legend_text[k] eq 'target' ? 2 : 1)
        } else { if (strlen(legend_color[k])) {
            set object 10 + k rectangle from screen across(at), screen down(foot) \
                to screen across(at + 7 * pt), screen down(foot - 7 * pt) fillstyle solid 1.0 noborder fillcolor rgb hue(legend_color[k])
        } }
        mark = strlen(legend_color[k]) ? (is_line(legend_text[k]) ? 12 : 10) : 0
        set label 10 + k legend_text[k] at screen across(at + mark * pt), screen down(height - size_label * pt * 0.8) left \
            font font_small textcolor rgb color_faint noenhanced
        at = at + (mark + 10 + strlen(legend_text[k]) * size_small * 0.54) * pt
    }
}

set xrange [0:x_max]
set x2range [0:x_max]
# margin_top, space_titled, space_plain and unit, the height of a panel of weight 1, are in pixels.
at = margin_top * 1.0
do for [i = 1:panels] {
    at = at + (i == 1 ? 0 : strlen(panel_title[i]) ? space_titled : space_plain)
    set tmargin at screen down(at)
    top = at
    at = at + panel_weight[i] * unit
    set bmargin at screen down(at)
    low = panel_low[i]; high = panel_high[i]
    between = panel_is_log[i] ? sqrt(low * high) : (low + high) / 2.0
    # Events end below their numbers, so that they do not cross them. Thin panels, with their label at the left, have them above.
    number_offset = label_is_left ? 0.5 : -0.75
    top_event = strstrt(panel_layers[i], 'numbers') && !label_is_left ? high - (high - low) * (13 * pt < 0.4 * panel_weight[i] * unit ? 13 * pt / (panel_weight[i] * unit) : 0.4) : high
    tab_low = high - (high - low) * 12 * pt / (panel_weight[i] * unit)
    point = pt * x_max / (width - left - right)
    set boxwidth panel_step[i] > 1.1 * point ? panel_step[i] : 1.1 * point absolute
    color = hue(panel_color[i]); soft = hue(panel_color[i].'_soft'); middle = hue(panel_color[i].'_band')
    unset label 5
    if (strlen(panel_title[i])) {
        set label 5 panel_title[i] at graph 0.5, screen down(top - (i == 1 && x2_tics ne '' ? 23 : 9) * pt) center \
            font font_panel textcolor rgb color_text noenhanced
    }
    if (label_is_left) {
        set label 6 panel_label[i] at screen across(4 * pt), graph 0.5 left norotate font font_small textcolor rgb color_text noenhanced
    } else { if (panel_weight[i] < 0.5) {
        set label 6 lines(panel_label[i]) at screen across(3 * pt), graph 0.5 left norotate offset 0, character 0.5 * (n_lines(panel_label[i]) - 1) font font_small textcolor rgb color_text noenhanced
    } else {
        # Along the panel: smaller where it would reach into the next one's.
        is_long = longest(panel_label[i]) * size_label * 0.55 * pt > panel_weight[i] * unit
        set label 6 lines(panel_label[i]) at screen across((n_lines(panel_label[i]) > 1 ? 8 : 11) * pt), graph 0.5 center rotate by 90 \
            font (is_long ? font_small : font_label) textcolor rgb color_text noenhanced
    } }
    if (panel_is_log[i]) { set logscale y } else { unset logscale y }
    set yrange [low:high]
    eval 'set ytics ('.panel_tics[i].') font "'.(panel_weight[i] < 0.5 || label_is_left ? font_small : font_tick).'"'
    # Between thin panels are numbers, so no marks: they would touch.
    eval 'set xtics scale '.(label_is_left && i < panels ? '0' : '0.4').' ('.(i < panels ? x_tics_bare : x_tics).')'.nearer(5)
    if (i == 1 && x2_tics ne '') { eval 'set x2tics nomirror '.(label_is_left ? 'in' : 'out').' scale 0.4 ('.x2_tics.')'.sprintf(' offset screen 0, screen %g', (raised - (format eq 'svg' ? 3.3 : 0)) * pt / height).' textcolor rgb color_faint font font_tick' } else { unset x2tics }
    clause = ''
    do for [k = 1:words(all_layers)] {
        if (strstrt(' '.panel_layers[i].' ', ' '.word(all_layers, k).' ')) { clause = clause.', '.layer(word(all_layers, k), i).' notitle' }
    }
    eval 'plot '.clause[3:*]
    unset label 1; unset label 3; unset label 4
    do for [k = 1:|legend_text|] { unset object 10 + k; unset label 10 + k; unset arrow 10 + k }
}
unset multiplot
set output
