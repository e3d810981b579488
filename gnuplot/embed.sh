#!/bin/sh
# embed.sh - theme and templates as C strings, so that the program carries them: no folder to find at run time.
# usage: embed.sh FOLDER > templates.h
for name in theme panels pair direction hub heat distribution matrix trend; do
    echo "#define TEMPLATE_$(echo $name | tr a-z A-Z) \\"
    sed -e 's/\\/\\\\/g; s/"/\\"/g; s/^/    "/; s/$/\\n" \\/' "$1/$name.gp" || exit 1
    echo
done
