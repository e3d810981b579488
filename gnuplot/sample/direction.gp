# Written by gnuplot/sample/make: what longhaul writes before a template.
reset
data = 'gnuplot/sample/direction.dat'
if (!exists("format")) { format = 'png' }
if (!exists("theme")) { theme = 'light' }
if (!exists("output")) { output = 'direction_sample.'.format }
width = 2400
height = 1000
dpi = 200
left = 211
right = 44
title_text = 'UDP Bandwidth Over Time: UAE->WUS'
x_label = 'Time (minutes) from 2025-11-15 01:00:46Z'
x_max = 8
x_tics = "'0' 0, '1' 1, '2' 2, '3' 3, '4' 4, '5' 5, '6' 6, '7' 7, '8' 8"
x_tics_bare = "'' 0, '' 1, '' 2, '' 3, '' 4, '' 5, '' 6, '' 7, '' 8"
x2_tics = "'01:02' 1.233333333, '01:03' 2.233333333, '01:04' 3.233333333, '01:05' 4.233333333, '01:06' 5.233333333, '01:07' 6.233333333, '01:08' 7.233333333"
margin_top = 155.555555556
space_titled = 66.6666666667
space_plain = 30.5555555556
unit = 297.97979798
array legend_text[4] = ['jitter', 'loss', 'target', '✱ of a site']
array legend_color[4] = ['jitter_event', 'loss_event', 'text', '']
panels = 3
array panel_title[3] = ['loss 7.2 % • jitter 0.0115 ms', '', '']
array panel_label[3] = ['Bandwidth (Mbps)', 'Loss (%)', 'Jitter (ms)']
array panel_layers[3] = ['events line target numbers', 'events bars', 'events beyond line']
array panel_color[3] = ['inbound', 'loss', 'jitter']
array panel_weight[3] = [1, 0.6, 0.6]
array panel_low[3] = [0, 0.01, 0]
array panel_high[3] = [12.0016512, 100, 2.93247462275]
array panel_step[3] = [0, 0, 0]
array panel_is_log[3] = [0, 1, 0]
array panel_tics[3] = ["'0' 0, '2' 2, '4' 4, '6' 6, '8' 8, '10' 10, '12' 12", "'0.01' 0.01, '1' 1, '100' 100", "'0' 0, '1' 1, '2' 2"]

