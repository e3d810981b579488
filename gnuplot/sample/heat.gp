# Written by gnuplot/sample/make: what longhaul writes before a template.
reset
data = 'gnuplot/sample/heat.dat'
if (!exists("format")) { format = 'png' }
if (!exists("theme")) { theme = 'light' }
if (!exists("output")) { output = 'heat_sample.'.format }
width = 2800
height = 594
dpi = 200
left = 158
right = 44
title_text = 'Loss by leg and 10 seconds (UTC)'
margin_top = 127.777777778
margin_bottom = 133.333333333
array row_label[6] = ['HK->WUS', 'KC->WUS', 'UAE->WUS', 'WUS->HK', 'WUS->KC', 'WUS->UAE']
rows = 6
cells = 49
array class_text[8] = ['0', '≤0.001', '≤0.01', '≤0.1', '≤1', '≤10', '>10', 'outage']
array rate_text[5] = ['99.9 % and more', '99 % and more', '90 % and more', '50 % and more', 'less than 50 %']
has_loss = 1
has_rate = 0
x_tics = "'01:01:00' 2, '01:01:30' 5, '01:02:00' 8, '01:02:30' 11, '01:03:00' 14, '01:03:30' 17, '01:04:00' 20, '01:04:30' 23, '01:05:00' 26, '01:05:30' 29, '01:06:00' 32, '01:06:30' 35, '01:07:00' 38, '01:07:30' 41, '01:08:00' 44, '01:08:30' 47"

