# What longhaul writes before a template, for the sample: a pair that was observed for a minute.
data = 'gnuplot/sample/pair.dat'
width = 2800
height = 1600
title_text = 'UDP Bandwidth Over Time: EAST <-> HUB'
x_label = 'Time (seconds)'
x_max = 60
x_step = 5
panels = 2
array panel_title[2] = ['EAST->HUB • loss 0.012000% • jitter 0.0106 ms', 'HUB->EAST • loss unknown • jitter unknown']
array panel_is_inbound[2] = [1, 0]
array y_min[2] = [9.985, 9.984]
array y_max[2] = [10.02, 10.01]
array y_first[2] = [9.985, 9.985]
array y_step[2] = [0.005, 0.005]
array y_format[2] = ['%.3f', '%.3f']
