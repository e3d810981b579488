# Written by gnuplot/sample/make: what longhaul writes before a template.
reset
data = 'gnuplot/sample/hub.dat'
if (!exists("format")) { format = 'png' }
if (!exists("theme")) { theme = 'light' }
if (!exists("output")) { output = 'hub_sample.'.format }
width = 2800
height = 928
dpi = 200
left = 228
right = 44
title_text = 'All legs at once, hub WUS: rate and loss'
x_label = 'Time (minutes) from 2025-11-15 01:00:46Z'
x_max = 8
x_tics = "'0' 0, '1' 1, '2' 2, '3' 3, '4' 4, '5' 5, '6' 6, '7' 7, '8' 8"
x_tics_bare = "'' 0, '' 1, '' 2, '' 3, '' 4, '' 5, '' 6, '' 7, '' 8"
x2_tics = "'01:01' 0.2333333333, '01:02' 1.233333333, '01:03' 2.233333333, '01:04' 3.233333333, '01:05' 4.233333333, '01:06' 5.233333333, '01:07' 6.233333333, '01:08' 7.233333333"
margin_top = 133.333333333
space_titled = 0
space_plain = 30.5555555556
unit = 85.6851851852
array legend_text[8] = ['not observed', 'jitter', 'loss', 'outage', 'target', 'loss of an interval (logarithmic)', '✱ of a site', 'ended']
array legend_color[8] = ['gap', 'jitter_event', 'loss_event', 'outage', 'text', 'loss', '', 'ended']
panels = 6
array panel_title[6] = ['', '', '', '', '', '']
array panel_label[6] = ['HK->WUS', 'KC->WUS', 'UAE->WUS', 'WUS->HK', 'WUS->KC', 'WUS->UAE']
array panel_layers[6] = ['gaps events under line target rug numbers', 'events under line target rug numbers', 'events under line target rug numbers', 'events under line target rug numbers', 'gaps events under line target numbers', 'events under line target rug numbers']
array panel_color[6] = ['inbound', 'inbound', 'inbound', 'outbound', 'outbound', 'outbound']
array panel_weight[6] = [1, 1, 1, 1, 1, 1]
array panel_low[6] = [0, 0, 0, 0, 0, 0]
array panel_high[6] = [12.0016512, 12.0016512, 12.0016512, 12.0016512, 12.0016512, 12.0016512]
array panel_step[6] = [0, 0, 0, 0, 0, 0]
array panel_is_log[6] = [0, 0, 0, 0, 0, 0]
array panel_tics[6] = ["'10' 10", "'10' 10", "'10' 10", "'10' 10", "'10' 10", "'10' 10"]

