# Written by gnuplot/sample/make: what longhaul writes before a template.
reset
data = 'gnuplot/sample/trend.dat'
if (!exists("format")) { format = 'png' }
if (!exists("theme")) { theme = 'light' }
if (!exists("output")) { output = 'trend_sample.'.format }
width = 2800
height = 1319
dpi = 200
left = 211
right = 44
title_text = 'UAE->WUS by day: 2025-01-01 to 2025-06-29'
x_label = 'Days of UTC'
x_max = 180
x_tics = "'2025-01' 0, '2025-02' 31, '2025-03' 59, '2025-04' 90, '2025-05' 120, '2025-06' 151"
x_tics_bare = "'' 0, '' 31, '' 59, '' 90, '' 120, '' 151"
x2_tics = ''
margin_top = 94.4444444444
space_titled = 0
space_plain = 25
unit = 255.444444444
array legend_text[3] = ['level, and where it changed, with the 95 % interval of the change', 'jitter p50-p95', 'jitter p95-p99']
array legend_color[3] = ['text', 'jitter', 'jitter_band']
panels = 4
array panel_title[4] = ['', '', '', '']
array panel_label[4] = ['Loss (%)', 'Jitter (ms)', 'Least round|trip (ms)|from 148', 'Rate (Mbps)|from 9.88']
array panel_layers[4] = ['area changes levels said beyond', 'wide narrow', 'line changes levels said', 'line']
array panel_color[4] = ['loss', 'jitter', 'rtt', 'inbound']
array panel_weight[4] = [1, 1, 1, 1]
array panel_low[4] = [0, 0, 148.393971, 9.87784033005]
array panel_high[4] = [0.0533818559066, 0.1704, 154.619029, 10.1006636]
array panel_step[4] = [1, 1, 1, 1]
array panel_is_log[4] = [0, 0, 0, 0]
array panel_tics[4] = ["'0.00' 0, '0.01' 0.01, '0.02' 0.02, '0.03' 0.03, '0.04' 0.04, '0.05' 0.05", "'0.000' 0, '0.025' 0.025, '0.050' 0.05, '0.075' 0.075, '0.100' 0.1, '0.125' 0.125, '0.150' 0.15", "'149' 149, '150' 150, '151' 151, '152' 152, '153' 153, '154' 154", "'9.90' 9.9, '9.95' 9.95, '10.00' 10, '10.05' 10.05"]

