# theme.gp - the look of every chart: fonts, colours, grid, margins. A script sets `width` and `height` (pixels) and `dpi` first;
# `format` (png, svg) and `theme` (light, dark, print) may be given: gnuplot -e "theme='dark'; format='svg'" X.gp
# gnuplot 5.4 or newer. If the requested font is missing, the terminal uses another.
set encoding utf8
if (!exists("format")) { format = 'png' }
if (!exists("theme")) { theme = 'light' }

# Colours are Okabe and Ito's, which colour-blind readers can distinguish, each with a soft and a medium variant; losses are
# classes from light to dark (dark to light on dark), so that they can be distinguished without colour, too.
if (theme eq 'dark') {
    color_page = '#14171c'; color_panel = '#1c2129'; color_grid = '#39414e'; color_text = '#e4e7ec'; color_faint = '#aab2bf'
    color_inbound = '#2fc9a0'; color_inbound_soft = '#1d3a38'; color_inbound_band = '#27806c'
    color_outbound = '#56b4e9'; color_outbound_soft = '#223646'; color_outbound_band = '#3c7599'
    color_loss = '#ff8a4c'; color_loss_soft = '#4a3026'; color_loss_band = '#a35c38'
    color_jitter = '#e3a0c6'; color_jitter_soft = '#43303d'; color_jitter_band = '#93667f'
    color_rtt = '#e0c75a'; color_rtt_soft = '#3b3722'; color_rtt_band = '#94864a'
    color_delay = '#b6a4f2'; color_delay_soft = '#34304a'; color_delay_band = '#6f63a3'
    color_gap = '#4b5260'; color_sent = '#76808e'
    color_outage = '#ad3b35'; color_loss_event = '#8f5c1e'; color_rate_cap = '#4c5717'; color_jitter_event = '#7a4a68'; color_rate_event = '#5f58a6'
    color_control = '#3d6f78'; color_ended = '#6b5d50'; color_delay_event = '#7c1873'; color_route = '#492d18'; color_silence = '#57188c'
    array color_class[8] = ['#222b36', '#3f2f5c', '#73307a', '#a03a66', '#dd5a34', '#f4872c', '#fcc03f', '#fff6c8']
    array color_rate[5] = ['#113a37', '#16534c', '#1c6f65', '#4fbfae', '#c2f2e8']
    array color_line[8] = ['#56b4e9', '#e69f00', '#2fc9a0', '#f0e442', '#6f9be8', '#ff8a4c', '#e3a0c6', '#e4e7ec']
} else { if (theme eq 'print') {
    color_page = '#ffffff'; color_panel = '#ffffff'; color_grid = '#d0d0d0'; color_text = '#000000'; color_faint = '#333333'
    color_inbound = '#007a59'; color_inbound_soft = '#dcefe8'; color_inbound_band = '#79b9a5'
    color_outbound = '#004f8a'; color_outbound_soft = '#dae6f1'; color_outbound_band = '#7aa3c6'
    color_loss = '#b84a00'; color_loss_soft = '#f3ddd0'; color_loss_band = '#d79a75'
    color_jitter = '#8f4874'; color_jitter_soft = '#eadbe4'; color_jitter_band = '#bf94ad'
    color_rtt = '#6b5600'; color_rtt_soft = '#e8e3d0'; color_rtt_band = '#b0a578'
    color_delay = '#4a3496'; color_delay_soft = '#e1dcf0'; color_delay_band = '#a398cf'
    color_gap = '#bdbdbd'; color_sent = '#8c8c8c'
    color_outage = '#f2a08f'; color_loss_event = '#f6cf94'; color_rate_cap = '#cdd070'; color_jitter_event = '#dba6cc'; color_rate_event = '#b7aee6'
    color_control = '#a8d8dc'; color_ended = '#cdbfae'; color_delay_event = '#a6ffc0'; color_route = '#ab969a'; color_silence = '#c797fd'
    array color_class[8] = ['#eef4fb', '#fde9a0', '#fec94f', '#fb9f33', '#e87416', '#c24a08', '#8a2a10', '#3a0a1c']
    array color_rate[5] = ['#d5ebe6', '#a6d5cc', '#5fb3a5', '#1f7f74', '#0a3f3d']
    array color_line[8] = ['#004f8a', '#c47f00', '#007a59', '#000000', '#3d9ad1', '#b84a00', '#8f4874', '#7f7f7f']
} else {
    color_page = '#ffffff'; color_panel = '#f5f6f9'; color_grid = '#d3d7e0'; color_text = '#1f2328'; color_faint = '#57606a'
    color_inbound = '#009e73'; color_inbound_soft = '#d6ece6'; color_inbound_band = '#74c5ae'
    color_outbound = '#0072b2'; color_outbound_soft = '#d5e5f0'; color_outbound_band = '#74aed4'
    color_loss = '#d55e00'; color_loss_soft = '#f6e0d2'; color_loss_band = '#e6a577'
    color_jitter = '#a8588a'; color_jitter_soft = '#efe0ea'; color_jitter_band = '#cfa3bd'
    color_rtt = '#806600'; color_rtt_soft = '#ece7d2'; color_rtt_band = '#bfb27a'
    color_delay = '#5b43b0'; color_delay_soft = '#e4dff3'; color_delay_band = '#b3a7de'
    color_gap = '#c3c8d1'; color_sent = '#939ca8'
    color_outage = '#f2a08f'; color_loss_event = '#f6cf94'; color_rate_cap = '#cdd070'; color_jitter_event = '#dba6cc'; color_rate_event = '#b7aee6'
    color_control = '#a8d8dc'; color_ended = '#cdbfae'; color_delay_event = '#a6ffc0'; color_route = '#ab969a'; color_silence = '#c797fd'
    array color_class[8] = ['#eef4fb', '#fde9a0', '#fec94f', '#fb9f33', '#e87416', '#c24a08', '#8a2a10', '#3a0a1c']
    array color_rate[5] = ['#d5ebe6', '#a6d5cc', '#5fb3a5', '#1f7f74', '#0a3f3d']
    array color_line[8] = ['#0072b2', '#e69f00', '#009e73', '#000000', '#56b4e9', '#d55e00', '#cc79a7', '#8a8f98']
} }

# Everything is in points of 1/72 inch; gd and cairo count a font's points at 96 pixels an inch, svg in pixels.
pt = dpi / 72.0
sized(points) = sprintf(',%.4g', points * pt * (format eq 'svg' ? 1 : 0.75))
size_title = 13; size_panel = 10.5; size_label = 9.5; size_tick = 9; size_small = 8
font_title = sized(size_title); font_panel = sized(size_panel); font_label = sized(size_label); font_tick = sized(size_tick)
font_small = sized(size_small)

# gd's pictures with 256 colours take a quarter of cairo's time and bytes; every edge here lies on a pixel boundary.
if (format eq 'svg') {
    set terminal svg size width, height font 'sans-serif'.font_tick noenhanced linewidth 1 background rgb color_page
} else { if (strstrt(' '.GPVAL_TERMINALS.' ', ' png ')) {
    set terminal png notruecolor nocrop size width, height font 'DejaVu Sans'.font_tick noenhanced linewidth 1 background rgb color_page
} else {
    set terminal pngcairo nocrop size width, height font 'DejaVu Sans'.font_tick noenhanced linewidth 1 background rgb color_page
} }
set output output

# Converts pixels from the left and from the top to shares of the picture.
across(pixels) = pixels * 1.0 / width
down(pixels) = 1 - pixels * 1.0 / height

set border 0
set key off
set tics nomirror out scale 0.4 textcolor rgb color_text font font_tick
set grid xtics ytics noztics nomxtics nomytics back linetype 1 linewidth (format eq 'svg' ? 0.4 * pt : 1) linecolor rgb color_grid # gd is slow at thick lines
set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fillstyle solid 1.0 noborder fillcolor rgb color_panel
set style fill solid 1.0 noborder
