# Written by gnuplot/sample/make: what longhaul writes before a template.
reset
data = 'gnuplot/sample/distribution.dat'
if (!exists("format")) { format = 'png' }
if (!exists("theme")) { theme = 'light' }
if (!exists("output")) { output = 'distribution_sample.'.format }
width = 2800
height = 1200
dpi = 200
left = 139
right = 228
sides = 'jitter loss'
title_text = 'Share of the intervals at or below a value'
array leg_label[6] = ['HK->WUS', 'KC->WUS', 'UAE->WUS', 'WUS->HK', 'WUS->KC', 'WUS->UAE']
legs = 6
x_low_jitter = 0.001
x_high_jitter = 10
y_low_jitter = 0
x_tics_jitter = "'0.001' 0.001, '0.01' 0.01, '0.1' 0.1, '1' 1, '10' 10"
y_tics_jitter = "'0.0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1"
title_jitter = 'Jitter of the intervals'
label_jitter = 'Jitter (ms)'
x_low_loss = 0.01
x_high_loss = 100
y_low_loss = 0
x_tics_loss = "'0.01' 0.01, '0.1' 0.1, '1' 1, '10' 10, '100' 100"
y_tics_loss = "'0.0' 0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1"
title_loss = 'Loss of the intervals'
label_loss = 'Loss (%)'

