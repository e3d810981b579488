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
title_text = 'Loss by leg and hour (UTC)'
margin_top = 127.777777778
margin_bottom = 133.333333333
array row_label[6] = ['HK->WUS', 'KC->WUS', 'UAE->WUS', 'WUS->HK', 'WUS->KC', 'WUS->UAE']
rows = 6
cells = 1
array class_text[8] = ['none', 'to 0.001 %', 'to 0.01 %', 'to 0.1 %', 'to 1 %', 'to 10 %', 'to 50 %', 'more']
array rate_text[5] = ['99.9 % and more', '99 % and more', '90 % and more', '50 % and more', 'less than 50 %']
has_loss = 1
has_rate = 0
x_tics = "'01:00' 0"

