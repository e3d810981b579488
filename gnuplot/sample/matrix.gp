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
is_one_row = 1
has_text = 1
array class_text_1[8] = ['0', '≤0.001', '≤0.01', '≤0.1', '≤1', '≤10', '>10', 'outage']
array class_text_2[8] = ['≤ 0.01', '≤ 0.03', '≤ 0.1', '≤ 0.3', '≤ 1', '≤ 3', '≤ 10', 'more']
array class_text_3[8] = ['all', '≥ 99.9', '≥ 99', '≥ 95', '≥ 90', '≥ 75', '≥ 50', 'less']
array matrix_title[3] = ['Loss (%)', 'Jitter at the end (ms)', 'Coverage (% of the plan)']

