#!/bin/sh
# embed.sh - the page's style and scripts as C strings, so that the program carries them: no folder to find at run time.
# usage: embed.sh FOLDER > page.h
for name in page.css trend.css page.js keys.js chart_data.js chart_draw.js charts.js; do
    echo "#define $(echo $name | tr a-z. A-Z_) \\"
    sed -e 's/\\/\\\\/g; s/"/\\"/g; s/^/    "/; s/$/\\n" \\/' "$1/$name" || exit 1
    echo
done
