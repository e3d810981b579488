# Written by gnuplot/sample/make: what longhaul writes before a template.
reset
data = 'gnuplot/sample/pair.dat'
if (!exists("format")) { format = 'png' }
if (!exists("theme")) { theme = 'light' }
if (!exists("output")) { output = 'pair_sample.'.format }
width = 2800
height = 1600
dpi = 200
left = 211
right = 44
title_text = 'UDP Bandwidth Over Time: UAE <-> WUS'
x_label = 'Time (minutes) from 2025-11-15 01:00:46Z'
x_max = 8
x_tics = "'0' 0, '1' 1, '2' 2, '3' 3, '4' 4, '5' 5, '6' 6, '7' 7, '8' 8"
x_tics_bare = "'' 0, '' 1, '' 2, '' 3, '' 4, '' 5, '' 6, '' 7, '' 8"
x2_tics = "'01:01' 0.2333333333, '01:02' 1.233333333, '01:03' 2.233333333, '01:04' 3.233333333, '01:05' 4.233333333, '01:06' 5.233333333, '01:07' 6.233333333, '01:08' 7.233333333"
margin_top = 155.555555556
space_titled = 66.6666666667
space_plain = 13.8888888889
unit = 403.528528529
array legend_text[4] = ['jitter', 'loss', 'target', '✱ of a site']
array legend_color[4] = ['jitter_event', 'loss_event', 'text', '']
panels = 6
array panel_title[6] = ['UAE->WUS • loss 7.2 % • jitter 0.0115 ms', '', '', 'WUS->UAE • loss 5.04 % • jitter 0.011 ms', '', '']
array panel_label[6] = ['Bandwidth (Mbps)', 'Loss %|per s', 'Jitter ms|p95/s', 'Bandwidth (Mbps)', 'Loss %|per s', 'Jitter ms|p95/s']
array panel_layers[6] = ['events under line target numbers', 'bars', 'area', 'events under line target numbers', 'bars', 'area']
array panel_color[6] = ['inbound', 'loss', 'jitter', 'outbound', 'loss', 'jitter']
array panel_weight[6] = [1, 0.24, 0.24, 1, 0.24, 0.24]
array panel_low[6] = [0, 0.01, 0, 0, 0.01, 0]
array panel_high[6] = [12.0016512, 100, 2.93247462275, 12.0016512, 100, 4.7837862824]
array panel_step[6] = [0, 0, 0, 0, 0, 0]
array panel_is_log[6] = [0, 1, 0, 0, 1, 0]
array panel_tics[6] = ["'0' 0, '2' 2, '4' 4, '6' 6, '8' 8, '10' 10, '12' 12", "'0.1' 0.1, '10' 10", "'2' 2", "'0' 0, '2' 2, '4' 4, '6' 6, '8' 8, '10' 10, '12' 12", "'0.1' 0.1, '10' 10", "'2.5' 2.5"]

