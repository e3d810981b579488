# Written by gnuplot/sample/make: what longhaul writes before a template.
reset
data = 'gnuplot/sample/matrix.dat'
if (!exists("format")) { format = 'png' }
if (!exists("theme")) { theme = 'light' }
if (!exists("output")) { output = 'matrix_sample.'.format }
width = 2800
height = 894
dpi = 200
left = 0
right = 0
title_text = 'Source by destination, the newest run of each'
array site[4] = ['HK', 'KC', 'UAE', 'WUS']
sites = 4
label_width = 66.2222222222
is_beside = 1
has_text = 1
array class_text_1[8] = ['none', 'to 0.001', 'to 0.01', 'to 0.1', 'to 1', 'to 10', 'to 50', 'more']
array class_text_2[8] = ['to 0.01', 'to 0.03', 'to 0.1', 'to 0.3', 'to 1', 'to 3', 'to 10', 'more']
array class_text_3[8] = ['all', 'from 99.9', 'from 99', 'from 95', 'from 90', 'from 75', 'from 50', 'less']
array matrix_title[3] = ['Loss (%)', 'Jitter at the end (ms)', 'Coverage (% of the plan)']

